// Storage for group elements of one size in rows: stable addresses, 64-byte aligned, freed together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace cosetta::groups {

template <class Scalar>
class row_pool {
 public:
  explicit row_pool(std::size_t row_size)
      : stride_((row_size * sizeof(Scalar) + 63) / 64 * 64), rows_a_chunk_(std::max<std::size_t>(1, chunk_bytes / stride_)) {}

  Scalar* allocate() {
    if (free_ == 0) {
      void* chunk = std::aligned_alloc(64, stride_ * rows_a_chunk_);
      if (chunk == nullptr) throw std::bad_alloc();
      chunks_.emplace_back(static_cast<std::byte*>(chunk));
      next_ = chunks_.back().get();
      free_ = rows_a_chunk_;
      bytes_ += stride_ * rows_a_chunk_;
    }
    auto* row = reinterpret_cast<Scalar*>(next_);
    next_ += stride_;
    --free_;
    return row;
  }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  static constexpr std::size_t chunk_bytes = std::size_t{1} << 15;
  struct free_chunk {
    void operator()(std::byte* p) const noexcept { std::free(p); }
  };
  std::size_t stride_;
  std::size_t rows_a_chunk_;
  std::vector<std::unique_ptr<std::byte, free_chunk>> chunks_;
  std::byte* next_ = nullptr;
  std::size_t free_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace cosetta::groups
