// Keeps the lexicographically least `limit` of the states that pass by. Internal to search/.
#pragma once

#include <graphs/graph_definition.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace cosetta::search {

class least_states {
 public:
  explicit least_states(std::size_t limit) : limit_(limit) {}

  void add(graphs::state s) {
    if (heap_.size() == limit_) {
      if (limit_ == 0 || !(s < heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.push_back(std::move(s));
    std::push_heap(heap_.begin(), heap_.end());
  }

  std::vector<graphs::state> take() && {
    std::sort_heap(heap_.begin(), heap_.end());
    return std::move(heap_);
  }

 private:
  std::size_t limit_;
  std::vector<graphs::state> heap_;  // the greatest kept state in front
};

}  // namespace cosetta::search
