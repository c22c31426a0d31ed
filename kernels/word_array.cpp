#include <kernels/error.hpp>
#include <kernels/word_array.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include <sys/mman.h>

namespace cosetta::kernels {

namespace {

constexpr std::size_t slack = 64;  // bytes behind the end that vector loads may touch
constexpr std::size_t huge_page = std::size_t{1} << 21;
constexpr std::size_t small = std::size_t{1} << 20;  // bytes, below which the heap is asked: to unmap memory interrupts the other cores

/// Bytes that are mapped for so many words: whole huge pages where there are several, so that none comes in small ones.
std::size_t mapped_bytes(std::size_t words) {
  const std::size_t bytes = words * sizeof(std::uint64_t) + slack;
  return bytes < 2 * huge_page ? bytes : (bytes + huge_page - 1) / huge_page * huge_page;
}

void unmap_words(std::uint64_t* at, std::size_t words) {
  const std::size_t bytes = mapped_bytes(words);
  bytes < small ? std::free(at) : static_cast<void>(munmap(at, bytes));
}

std::uint64_t* map_words(std::size_t words) {
  const std::size_t bytes = mapped_bytes(words);
  if (bytes < small) {
    const std::size_t whole = (bytes + 127) / 128 * 128;
    void* at = std::aligned_alloc(128, whole);
    if (at == nullptr) throw std::bad_alloc();
    return static_cast<std::uint64_t*>(std::memset(at, 0, whole));
  }
  const bool huge = bytes >= 2 * huge_page;
  const std::size_t more = huge ? huge_page : 0;
  void* at = mmap(nullptr, bytes + more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) throw resource_error("no address range of " + std::to_string(bytes) + " bytes: lower --memory");
  auto* begin = static_cast<char*>(at);
  if (huge) {
    const std::size_t before = -reinterpret_cast<std::uintptr_t>(at) % huge_page;
    if (before > 0) munmap(at, before);
    begin += before;
    if (before < more) munmap(begin + bytes, more - before);
    madvise(begin, bytes, MADV_HUGEPAGE);
  }
  return reinterpret_cast<std::uint64_t*>(begin);
}

}  // namespace

word_array::word_array(std::size_t words) : data_(map_words(words)), size_(words) {}

word_array::~word_array() {
  if (data_ != nullptr) unmap_words(data_, size_);
}

void word_array::clear() {
  if (data_ == nullptr) return;
  auto* fresh = map_words(size_);
  unmap_words(std::exchange(data_, fresh), size_);
}

}  // namespace cosetta::kernels
