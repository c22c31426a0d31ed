// The ball around a state, sphere by sphere: a set of packed states that knows how far from the centre each of them is.
//
// States are divided among shards by the top bits of their hash, so that threads may fill shards side by side. A shard
// keeps its states in the order of their distances, and a table of (32 bits of hash, index) with linear probing says where
// to look; equality is decided on whole states. Distances cost nothing: they are read off from where a state lies.
// 8 W bytes and 11 to 23 bytes of table a state. Internal to search/.
#pragma once

#include <kernels/frontier.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace cosetta::search {

class ball_shard {
 public:
  static constexpr std::size_t chunk_states = 512;
  static constexpr std::size_t most_states = 0xfffffff0;  // an index takes 32 bits

  explicit ball_shard(std::size_t words) : words_(words) {}

  std::size_t size() const noexcept { return size_; }
  const std::uint64_t* state(std::size_t index) const noexcept {
    return chunks_[index / chunk_states].get() + index % chunk_states * words_;
  }
  void prefetch(std::uint64_t hash) const noexcept {
    if (!slots_.empty()) __builtin_prefetch(slots_.data() + home(hash));
  }
  /// The distance of a state, if it is here.
  std::optional<std::uint64_t> depth(const std::uint64_t* state, std::uint64_t hash) const noexcept;

  std::size_t bytes() const noexcept {
    return slots_.capacity() * sizeof slots_[0] + chunks_.size() * chunk_states * words_ * sizeof(std::uint64_t) +
           chunks_.capacity() * sizeof chunks_[0] + spheres_.capacity() * sizeof spheres_[0];
  }
  /// Bytes that the next insertion will take at most, beyond those that are taken.
  std::size_t bytes_to_grow() const noexcept;
  /// Whether the state is new. `depth` never decreases from call to call. Precondition: size() < most_states.
  bool insert(const std::uint64_t* state, std::uint64_t hash, std::uint64_t depth);

  /// Index of the first state at `depth`, where it is the largest depth; otherwise size().
  std::size_t begin_of(std::uint64_t depth) const noexcept {
    return spheres_.empty() || spheres_.back().depth != depth ? size_ : spheres_.back().begin;
  }

 private:
  struct sphere {
    std::size_t begin;
    std::uint64_t depth;
  };
  std::size_t home(std::uint64_t hash) const noexcept { return hash << 6 >> shift_; }
  bool is_full() const noexcept { return 10 * (size_ + 1) > 7 * slots_.size(); }
  /// The slot of the state, or the empty one where it belongs.
  std::size_t find(const std::uint64_t* state, std::uint64_t hash) const noexcept;
  void rebuild(std::size_t slots);

  std::size_t words_;
  std::size_t size_ = 0;
  unsigned shift_ = 64;                // 64 - log2(slots)
  std::vector<std::uint64_t> slots_;   // hash << 32 | index + 1; 0: empty
  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;
  std::vector<sphere> spheres_;  // that have states here
};

class state_ball {
 public:
  static constexpr std::size_t shards = 64;
  static std::size_t shard_of(std::uint64_t hash) noexcept { return hash >> 58; }

  explicit state_ball(std::size_t words) : words_(words), shards_() {
    for (std::size_t i = 0; i < shards; ++i) shards_.emplace_back(words);
  }
  ball_shard& operator[](std::size_t i) noexcept { return shards_[i]; }
  const ball_shard& operator[](std::size_t i) const noexcept { return shards_[i]; }

  std::optional<std::uint64_t> depth(const std::uint64_t* state) const noexcept {
    const auto hash = kernels::state_hash(state, words_);
    return shards_[shard_of(hash)].depth(state, hash);
  }
  std::uint64_t size() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& s : shards_) sum += s.size();
    return sum;
  }

 private:
  std::size_t words_;
  std::vector<ball_shard> shards_;
};

}  // namespace cosetta::search
