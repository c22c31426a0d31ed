// Pages of states under one fixed memory budget. All growing data of a frontier search lives in pages from one pool,
// so that the budget is kept by construction: when the pool is dry, `take` says so and the search stops in good order.
//
// The address range is reserved at once and touched only as far as it is used; released pages are reused first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace cosetta::kernels {

/// A page starts with this header; states follow from byte `page_header_bytes` on, `words` words each, without gaps.
struct page {
  page* next;
  std::uint64_t used;  // states in this page
};

inline constexpr std::size_t page_header_bytes = 64;

inline std::uint64_t* page_states(page* p) noexcept {
  return reinterpret_cast<std::uint64_t*>(reinterpret_cast<std::byte*>(p) + page_header_bytes);
}

class page_pool {
 public:
  /// Reserves `budget_bytes` rounded down to whole pages. page_bytes: a power of two, at least 4096.
  /// Throws resource_error when the address range cannot be reserved or holds no page.
  page_pool(std::size_t budget_bytes, std::size_t page_bytes);
  ~page_pool();
  page_pool(const page_pool&) = delete;
  page_pool& operator=(const page_pool&) = delete;

  /// A page with next = nullptr and used = 0, or nullptr when the budget is spent. Thread-safe.
  page* take();

  /// Gives back a chain of pages linked by `next`. Thread-safe.
  void give(page* chain);

  /// Gives up `bytes` of the budget that no page has touched yet; false when there is not so much. Thread-safe.
  bool set_aside(std::size_t bytes);

  std::size_t page_bytes() const noexcept { return page_bytes_; }
  std::size_t states_per_page(std::size_t words) const noexcept {
    return (page_bytes_ - page_header_bytes) / (words * sizeof(std::uint64_t));
  }
  /// Pages that take() can still hand out.
  std::size_t available() const;
  /// Bytes ever touched: the peak.
  std::size_t peak_bytes() const;

 private:
  std::byte* base_ = nullptr;
  std::size_t page_bytes_;
  const std::size_t reserved_;  // pages in the address range
  std::size_t pages_;           // pages in the budget
  mutable std::mutex mutex_;
  std::size_t touched_ = 0;
  std::size_t free_count_ = 0;
  page* free_ = nullptr;
};

/// A list of pages that grows at its tail.
struct page_list {
  page* head = nullptr;
  page* tail = nullptr;
  std::uint64_t count = 0;  // states in all pages

  bool empty() const noexcept { return count == 0; }

  /// Moves the pages of `other` behind those of this list.
  void splice(page_list& other) noexcept;
};

/// Appends `count` states; false when the pool ran dry (the list then holds those that still fitted).
bool append(page_list& list, page_pool& pool, const std::uint64_t* states, std::uint64_t count, std::size_t words);

/// Gives all pages back and empties the list.
void release(page_list& list, page_pool& pool);

}  // namespace cosetta::kernels
