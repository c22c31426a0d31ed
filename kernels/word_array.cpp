#include <kernels/error.hpp>
#include <kernels/word_array.hpp>

#include <algorithm>
#include <string>

#include <sys/mman.h>

namespace cosetta::kernels {

namespace {

constexpr std::size_t slack = 64;  // bytes behind the end that vector loads may touch

std::uint64_t* map_words(std::size_t words) {
  const std::size_t bytes = words * sizeof(std::uint64_t) + slack;
  void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) throw resource_error("no address range of " + std::to_string(bytes) + " bytes: lower --memory");
  if (bytes >= std::size_t{4} << 20) madvise(at, bytes, MADV_HUGEPAGE);
  return static_cast<std::uint64_t*>(at);
}

}  // namespace

word_array::word_array(std::size_t words) : data_(map_words(words)), size_(words) {}

word_array::~word_array() {
  if (data_ != nullptr) munmap(data_, bytes() + slack);
}

void word_array::clear() {
  if (data_ == nullptr) return;
  auto* fresh = map_words(size_);
  munmap(std::exchange(data_, fresh), bytes() + slack);
}

}  // namespace cosetta::kernels
