#include <search/state_ball.hpp>

#include <algorithm>
#include <bit>

namespace cosetta::search {

namespace {

constexpr std::size_t least_ball_slots = 64;

std::uint64_t ball_slot(std::uint64_t hash, std::size_t index) {
  return hash << 32 | static_cast<std::uint64_t>(index + 1);
}

}  // namespace

std::size_t ball_shard::find(const std::uint64_t* state, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = home(hash);; at = (at + 1) & mask) {
    const auto slot = slots_[at];
    if (slot == 0) return at;
    if (slot >> 32 == (hash & 0xffffffff) && std::equal(state, state + words_, this->state((slot & 0xffffffff) - 1))) return at;
  }
}

std::optional<std::uint64_t> ball_shard::depth(const std::uint64_t* state, std::uint64_t hash) const noexcept {
  if (slots_.empty()) return std::nullopt;
  const auto slot = slots_[find(state, hash)];
  if (slot == 0) return std::nullopt;
  const auto after = std::upper_bound(spheres_.begin(), spheres_.end(), (slot & 0xffffffff) - 1,
                                      [](std::uint64_t index, const sphere& s) { return index < s.begin; });
  return std::prev(after)->depth;
}

std::size_t ball_shard::bytes_to_grow() const noexcept {
  std::size_t bytes = 0;
  if (is_full()) bytes += std::max(least_ball_slots, slots_.size()) * sizeof slots_[0];
  if (size_ == chunks_.size() * chunk_states) {
    bytes += chunk_states * words_ * sizeof(std::uint64_t);
    if (chunks_.size() == chunks_.capacity()) bytes += std::max<std::size_t>(chunks_.size(), 1) * sizeof chunks_[0];
  }
  if (spheres_.size() == spheres_.capacity()) bytes += std::max<std::size_t>(spheres_.size(), 1) * sizeof spheres_[0];
  return bytes;
}

bool ball_shard::insert(const std::uint64_t* state, std::uint64_t hash, std::uint64_t depth) {
  if (is_full()) rebuild(std::max(least_ball_slots, 2 * slots_.size()));
  const auto at = find(state, hash);
  if (slots_[at] != 0) return false;
  if (size_ == chunks_.size() * chunk_states) {
    chunks_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(chunk_states * words_));
  }
  std::copy_n(state, words_, chunks_.back().get() + size_ % chunk_states * words_);
  if (spheres_.empty() || spheres_.back().depth != depth) spheres_.push_back({size_, depth});
  slots_[at] = ball_slot(hash, size_++);
  return true;
}

/// The old table goes before the new one comes: the states know all that is in it.
void ball_shard::rebuild(std::size_t slots) {
  slots_ = {};
  slots_.resize(slots);
  shift_ = 64 - static_cast<unsigned>(std::bit_width(slots - 1));
  const std::size_t mask = slots - 1;
  for (std::size_t i = 0; i < size_; ++i) {
    const auto hash = kernels::state_hash(state(i), words_);
    std::size_t at = home(hash);
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = ball_slot(hash, i);
  }
}

}  // namespace cosetta::search
