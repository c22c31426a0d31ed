// A large array of words that begins as zeros. It is mapped, not written: pages that are never touched take no memory,
// and huge pages are asked for, so that random access seldom misses the TLB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace cosetta::kernels {

class zeroed_words {
 public:
  zeroed_words() = default;
  /// Throws resource_error when the system refuses.
  explicit zeroed_words(std::size_t words);
  ~zeroed_words();
  zeroed_words(zeroed_words&& other) noexcept { swap(other); }
  zeroed_words& operator=(zeroed_words&& other) noexcept {
    swap(other);
    return *this;
  }

  std::uint64_t* data() noexcept { return data_; }
  const std::uint64_t* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  void swap(zeroed_words& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

 private:
  std::uint64_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace cosetta::kernels
