// Numbers by keys of at most 64 bits: an array where keys are small, otherwise open addressing. A plain view.
#pragma once

#include <cstdint>

namespace cosetta::kernels {

struct number_table {
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct slot {
    std::uint64_t key = 0;
    std::uint32_t number = none;
  };

  const std::uint32_t* direct = nullptr;  // by key, or null
  const slot* slots = nullptr;
  std::uint64_t slot_mask = 0;  // slots are a power of two, never full

  static std::uint64_t first_slot(std::uint64_t key, std::uint64_t mask) noexcept { return (key * 0x9e3779b97f4a7c15 >> 20) & mask; }
  /// none where the key has no number. Precondition for `direct`: key is within the array.
  std::uint32_t find(std::uint64_t key) const noexcept {
    if (direct != nullptr) return direct[key];
    for (auto at = first_slot(key, slot_mask);; at = (at + 1) & slot_mask) {
      if (slots[at].key == key || slots[at].number == none) return slots[at].number;
    }
  }
};

}  // namespace cosetta::kernels
