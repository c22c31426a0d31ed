#include <kernels/frontier.hpp>
#include <kernels/wide_set.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace cosetta::kernels {

namespace {

/// Equality of two states; Words = 0 stands for a width known at run time only.
template <std::size_t Words>
bool equal(const std::uint64_t* a, const std::uint64_t* b, std::size_t words) {
  return std::memcmp(a, b, (Words != 0 ? Words : words) * sizeof *a) == 0;
}

constexpr std::uint64_t tag_mask = ~std::uint64_t{0} << 32;

}  // namespace

void wide_set::reset(std::size_t expected, unsigned skip_bits) {
  skip_bits_ = skip_bits;
  slot_bits_ = static_cast<unsigned>(std::bit_width(std::max<std::size_t>(expected * 2, 16) - 1));
  slots_.assign(std::size_t{1} << slot_bits_, 0);
  struck_.clear();
  size_ = 0;
}

void wide_set::grow() {
  ++slot_bits_;
  const std::size_t mask = (std::size_t{1} << slot_bits_) - 1;
  slots_.assign(mask + 1, 0);
  for (std::size_t i = 0; i < size_; ++i) {
    const std::uint64_t h = state_hash(states_.data() + i * words_, words_);
    std::size_t slot = slot_of(h);
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = h << 32 | (i + 1);
  }
}

template <std::size_t Words, class Visit>
void wide_set::for_each_hashed(const std::uint64_t* states, std::size_t count, const Visit& visit) const {
  constexpr std::size_t chunk = 16;
  const std::size_t words = Words != 0 ? Words : words_;
  std::uint64_t hashes[chunk];
  for (std::size_t begin = 0; begin < count; begin += chunk) {
    const std::size_t n = std::min(chunk, count - begin);
    for (std::size_t i = 0; i < n; ++i) {
      hashes[i] = state_hash(states + i * words, words);
      __builtin_prefetch(slots_.data() + slot_of(hashes[i]));
    }
    for (std::size_t i = 0; i < n; ++i, states += words) visit(states, hashes[i]);
  }
}

template <std::size_t Words>
void wide_set::insert_as(const std::uint64_t* states, std::size_t count) {
  const std::size_t words = Words != 0 ? Words : words_;
  // Room for all of them first: the probes below then need no check.
  while ((size_ + count) * 4 > slots_.size() * 3) grow();
  if (states_.size() < (size_ + count) * words) states_.resize(std::max((size_ + count) * words, states_.size() * 2));
  const std::size_t mask = slots_.size() - 1;
  for_each_hashed<Words>(states, count, [&](const std::uint64_t* s, std::uint64_t h) {
    for (std::size_t slot = slot_of(h);; slot = (slot + 1) & mask) {
      const std::uint64_t entry = slots_[slot];
      if (entry == 0) {
        slots_[slot] = h << 32 | (size_ + 1);
        std::memcpy(states_.data() + size_ * words, s, words * sizeof *s);
        ++size_;
        return;
      }
      if (((entry ^ h << 32) & tag_mask) == 0 &&
          equal<Words>(states_.data() + ((entry & ~tag_mask) - 1) * words, s, words))
        return;
    }
  });
}

template <std::size_t Words>
void wide_set::strike_as(const std::uint64_t* states, std::size_t count) {
  if (size_ == 0) return;
  const std::size_t words = Words != 0 ? Words : words_;
  const std::size_t mask = slots_.size() - 1;
  struck_.resize(size_, 0);
  for_each_hashed<Words>(states, count, [&](const std::uint64_t* s, std::uint64_t h) {
    for (std::size_t slot = slot_of(h); slots_[slot] != 0; slot = (slot + 1) & mask) {
      const std::uint64_t entry = slots_[slot];
      const std::size_t index = (entry & ~tag_mask) - 1;
      if (((entry ^ h << 32) & tag_mask) == 0 && equal<Words>(states_.data() + index * words, s, words)) {
        struck_[index] = 1;
        return;
      }
    }
  });
}

void wide_set::insert(const std::uint64_t* states, std::size_t count) {
  switch (words_) {
    case 2:
      return insert_as<2>(states, count);
    case 3:
      return insert_as<3>(states, count);
    case 4:
      return insert_as<4>(states, count);
    default:
      return insert_as<0>(states, count);
  }
}

void wide_set::strike(const std::uint64_t* states, std::size_t count) {
  switch (words_) {
    case 2:
      return strike_as<2>(states, count);
    case 3:
      return strike_as<3>(states, count);
    case 4:
      return strike_as<4>(states, count);
    default:
      return strike_as<0>(states, count);
  }
}

const std::uint64_t* wide_set::emit(std::size_t& count) {
  count = 0;
  struck_.resize(size_, 0);
  for (std::size_t i = 0; i < size_; ++i) {
    if (struck_[i] != 0) continue;
    if (count != i) std::copy_n(states_.data() + i * words_, words_, states_.data() + count * words_);
    ++count;
  }
  return states_.data();
}

}  // namespace cosetta::kernels
