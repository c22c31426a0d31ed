// The set of one-word states of one partition: a kernels::line_set with its memory, grown as it fills. Its counterpart
// for wider states is kernels::wide_set. Internal to search/.
#pragma once

#include <kernels/frontier.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace cosetta::search {

/// 64-byte aligned words.
class aligned_words {
 public:
  void resize(std::size_t count) {
    if (count <= capacity_) return;
    storage_.reset(static_cast<std::uint64_t*>(::operator new (count * sizeof(std::uint64_t), std::align_val_t{64})));
    capacity_ = count;
  }
  std::uint64_t* data() noexcept { return storage_.get(); }
  std::size_t bytes() const noexcept { return capacity_ * sizeof(std::uint64_t); }

 private:
  struct free_aligned {
    void operator()(std::uint64_t* p) const { ::operator delete (p, std::align_val_t{64}); }
  };
  std::unique_ptr<std::uint64_t, free_aligned> storage_;
  std::size_t capacity_ = 0;
};

/// A line_set with its memory, grown as it fills.
class one_word_set {
 public:
  void reset(const kernels::frontier_kernels& k, std::size_t expected, unsigned skip_bits) {
    kernels_ = &k;
    const std::size_t lines = std::max<std::size_t>(expected / 4, 2);  // half full
    set_.skip_bits = skip_bits;
    set_.line_bits = static_cast<unsigned>(std::bit_width(lines - 1));
    size_ = 0;
    clear();
  }

  void insert(const std::uint64_t* states, std::size_t count) {
    if (4 * (size_ + count) > 3 * (kernels::slots_per_line << set_.line_bits)) grow(count);
    size_ += kernels_->insert(set_, states, count);
  }
  void strike(const std::uint64_t* states, std::size_t count) { kernels_->strike(set_, states, count); }
  const std::uint64_t* emit(std::size_t& count) {
    out_.resize(size_ + kernels::slots_per_line);
    count = kernels_->emit(set_, out_.data());
    return out_.data();
  }
  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return slots_.bytes() + out_.bytes() + struck_.capacity(); }

 private:
  void clear() {
    const std::size_t count = kernels::slots_per_line << set_.line_bits;
    slots_.resize(count);
    std::fill_n(slots_.data(), count, kernels::empty_slot);
    struck_.assign(std::size_t{1} << set_.line_bits, 0);
    set_.slots = slots_.data();
    set_.struck = struck_.data();
  }
  void grow(std::size_t count) {
    std::size_t kept = 0;
    const std::uint64_t* states = emit(kept);
    while (4 * (size_ + count) > 3 * (kernels::slots_per_line << set_.line_bits)) ++set_.line_bits;
    clear();
    kernels_->insert(set_, states, kept);
  }

  const kernels::frontier_kernels* kernels_ = nullptr;
  kernels::line_set set_{};
  aligned_words slots_;
  aligned_words out_;
  std::vector<std::uint8_t> struck_;
  std::size_t size_ = 0;
};

}  // namespace cosetta::search
