// A large array of zero words straight from the system, on huge pages where it gives them: random reads of whole blocks
// then miss the address cache seldom. Pages take memory when they are first written. Below a mebibyte it comes from the heap, from
// a multiple of 128 bytes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace cosetta::kernels {

class word_array {
 public:
  word_array() = default;
  /// Throws resource_error when the address range cannot be had.
  explicit word_array(std::size_t words);
  ~word_array();
  word_array(word_array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  word_array& operator=(word_array&& other) noexcept {
    swap(other);
    return *this;
  }

  void swap(word_array& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  std::uint64_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return size_ * sizeof(std::uint64_t); }
  /// All words zero again; the memory goes back to the system.
  void clear();

 private:
  std::uint64_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace cosetta::kernels
