// A hash set of states of more than one word, with the operations of `line_set`: insert, strike out, emit.
//
// Slots hold 32 bits of the hash and the index of a state in a dense array; a probe compares whole states wherever the
// 32 bits agree, so equality is exact for every width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cosetta::kernels {

class wide_set {
 public:
  explicit wide_set(std::size_t words) : words_(words) {}

  /// Empties the set and makes room for about `expected` states. `skip_bits` top bits of the hash are ignored.
  void reset(std::size_t expected, unsigned skip_bits);

  /// Inserts `count` states of `words` words each.
  void insert(const std::uint64_t* states, std::size_t count);

  /// Strikes out those of the states that are in the set.
  void strike(const std::uint64_t* states, std::size_t count);

  /// Moves the states that are not struck out to the front of the returned array and says how many there are.
  const std::uint64_t* emit(std::size_t& count);

  std::size_t size() const noexcept { return size_; }

  std::size_t bytes() const noexcept {
    return slots_.capacity() * sizeof(std::uint64_t) + states_.capacity() * sizeof(std::uint64_t) + struck_.capacity();
  }

 private:
  /// visit(state, hash), with the slots of the next few states on their way to the cache.
  template <std::size_t Words, class Visit>
  void for_each_hashed(const std::uint64_t* states, std::size_t count, const Visit& visit) const;
  template <std::size_t Words>
  void insert_as(const std::uint64_t* states, std::size_t count);
  template <std::size_t Words>
  void strike_as(const std::uint64_t* states, std::size_t count);
  void grow();
  std::size_t slot_of(std::uint64_t hash) const noexcept { return (hash << skip_bits_) >> (64 - slot_bits_); }

  std::size_t words_;
  unsigned skip_bits_ = 0;
  unsigned slot_bits_ = 4;
  std::size_t size_ = 0;
  std::vector<std::uint64_t> slots_;   // low half of the hash in the upper 32 bits, index + 1 in the lower; 0: empty
  std::vector<std::uint64_t> states_;  // the first size_ * words_ are in use
  std::vector<std::uint8_t> struck_;
};

}  // namespace cosetta::kernels
