#include <kernels/error.hpp>
#include <kernels/page_pool.hpp>

#include <algorithm>
#include <cstring>

#include <sys/mman.h>

namespace cosetta::kernels {

page_pool::page_pool(std::size_t budget_bytes, std::size_t page_bytes)
    : page_bytes_(page_bytes), reserved_(budget_bytes / page_bytes + 1), pages_(budget_bytes / page_bytes) {
  if (pages_ == 0) {
    throw resource_error("a memory budget of " + std::to_string(budget_bytes) + " bytes holds no page of " +
                         std::to_string(page_bytes) + " bytes: raise --memory");
  }
  // One page more than is used, so that pages can be aligned to their size.
  void* range = mmap(nullptr, reserved_ * page_bytes_, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) {
    throw resource_error("cannot reserve " + std::to_string(budget_bytes) + " bytes of address space: lower --memory");
  }
  base_ = static_cast<std::byte*>(range);
  madvise(range, reserved_ * page_bytes_, MADV_HUGEPAGE);  // a hint: fewer page faults and misses of the TLB
}

page_pool::~page_pool() {
  munmap(base_, reserved_ * page_bytes_);
}

page* page_pool::take() {
  const std::lock_guard lock(mutex_);
  if (free_ != nullptr) {
    page* p = free_;
    free_ = p->next;
    --free_count_;
    p->next = nullptr;
    p->used = 0;
    return p;
  }
  if (touched_ == pages_) return nullptr;
  const auto start = (reinterpret_cast<std::uintptr_t>(base_) + page_bytes_ - 1) / page_bytes_ * page_bytes_;
  return new (reinterpret_cast<void*>(start + touched_++ * page_bytes_)) page{nullptr, 0};
}

bool page_pool::set_aside(std::size_t bytes) {
  const std::size_t wanted = bytes / page_bytes_ + (bytes % page_bytes_ != 0);
  const std::lock_guard lock(mutex_);
  if (pages_ - touched_ < wanted) return false;
  pages_ -= wanted;
  return true;
}

void page_pool::give(page* chain) {
  if (chain == nullptr) return;
  std::size_t length = 1;
  page* last = chain;
  for (; last->next != nullptr; last = last->next) ++length;
  const std::lock_guard lock(mutex_);
  last->next = free_;
  free_ = chain;
  free_count_ += length;
}

std::size_t page_pool::available() const {
  const std::lock_guard lock(mutex_);
  return free_count_ + (pages_ - touched_);
}

std::size_t page_pool::peak_bytes() const {
  const std::lock_guard lock(mutex_);
  return touched_ * page_bytes_;
}

void page_list::splice(page_list& other) noexcept {
  if (other.head == nullptr) return;
  (tail != nullptr ? tail->next : head) = other.head;
  tail = other.tail;
  count += other.count;
  other = {};
}

bool append(page_list& list, page_pool& pool, const std::uint64_t* states, std::uint64_t count, std::size_t words) {
  const std::uint64_t capacity = pool.states_per_page(words);
  if (capacity == 0) return false;  // a state wider than a page
  while (count > 0) {
    if (list.tail == nullptr || list.tail->used == capacity) {
      page* fresh = pool.take();
      if (fresh == nullptr) return false;
      (list.tail != nullptr ? list.tail->next : list.head) = fresh;
      list.tail = fresh;
    }
    const std::uint64_t n = std::min(count, capacity - list.tail->used);
    std::memcpy(page_states(list.tail) + list.tail->used * words, states, n * words * sizeof *states);
    list.tail->used += n;
    list.count += n;
    states += n * words;
    count -= n;
  }
  return true;
}

void release(page_list& list, page_pool& pool) {
  pool.give(list.head);
  list = {};
}

}  // namespace cosetta::kernels
