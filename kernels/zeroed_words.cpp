#include <kernels/error.hpp>
#include <kernels/zeroed_words.hpp>

#include <string>

#include <sys/mman.h>

namespace cosetta::kernels {

zeroed_words::zeroed_words(std::size_t words) : size_(words) {
  if (words == 0) return;
  void* range =
      mmap(nullptr, words * sizeof *data_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) {
    throw resource_error("the system gives no " + std::to_string(words * sizeof *data_) + " bytes: lower --memory");
  }
  madvise(range, words * sizeof *data_, MADV_HUGEPAGE);  // a hint
  data_ = static_cast<std::uint64_t*>(range);
}

zeroed_words::~zeroed_words() {
  if (data_ != nullptr) munmap(data_, size_ * sizeof *data_);
}

}  // namespace cosetta::kernels
