// Where word_factorization keeps words and finds elements: words as codes of letters in flat storage, and an index of
// elements by their rows.
#pragma once

#include <groups/image_domain.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace cosetta::groups {

inline constexpr std::uint32_t no_word = ~std::uint32_t{0};

/// Letters of a word in flat storage, read forwards, or backwards as the inverse.
struct word_piece {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  bool inverse = false;
};

/// The distinct elements among the generators and their inverses, the identity left out.
struct word_alphabet {
  std::vector<std::int32_t> letters;     // of each code, as in word.hpp
  std::vector<std::uint16_t> inverses;   // codes
};

/// Words over the alphabet, as codes.
class word_store {
 public:
  explicit word_store(const word_alphabet& alphabet) : alphabet_(&alphabet) {}

  std::uint32_t add(std::span<const std::uint16_t> w) {
    if (codes_.size() + w.size() >= no_word) throw resource_error("the words of the tables pass 4 Gi letters: ask for smaller tables");
    const auto offset = static_cast<std::uint32_t>(codes_.size());
    codes_.insert(codes_.end(), w.begin(), w.end());
    return offset;
  }
  void replace(std::uint32_t offset, std::span<const std::uint16_t> w) { std::copy(w.begin(), w.end(), codes_.begin() + offset); }

  /// Appends the piece and cancels as far as it goes.
  void append(const word_piece& p, std::vector<std::uint16_t>& out) const {
    const auto* w = codes_.data() + p.offset;
    for (std::uint32_t i = 0; i < p.length; ++i) {
      const auto code = p.inverse ? alphabet_->inverses[w[p.length - 1 - i]] : w[i];
      if (!out.empty() && out.back() == alphabet_->inverses[code]) {
        out.pop_back();
      } else {
        out.push_back(code);
      }
    }
  }

 private:
  const word_alphabet* alphabet_;
  std::vector<std::uint16_t> codes_;
};

inline std::uint64_t row_hash(const void* row, std::size_t bytes) noexcept {
  std::uint64_t h = 0x9e3779b97f4a7c15;
  const auto* p = static_cast<const unsigned char*>(row);
  for (std::size_t i = 0; i < bytes; i += 8) {
    std::uint64_t x;
    std::memcpy(&x, p + i, 8);
    h = (h ^ x) * 0xd6e8feb86659fd93;
    h ^= h >> 32;
  }
  return h;
}

/// Elements found by their rows; the rows are the caller's.
template <class Image>
class row_index {
 public:
  /// For at most `expected` rows.
  row_index(std::size_t row_size, std::size_t expected) : bytes_(row_size * sizeof(Image)) {
    std::size_t size = 16;
    while (size < 2 * expected) size *= 2;
    slots_.assign(size, {0, absent});
  }
  /// The number of an equal row, or `absent`.
  template <class RowOf>
  std::uint32_t find(const Image* row, RowOf&& row_of) const noexcept {
    const auto h = row_hash(row, bytes_);
    for (std::size_t i = h & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].number == absent) return absent;
      if (slots_[i].tag == static_cast<std::uint32_t>(h >> 32) && std::memcmp(row_of(slots_[i].number), row, bytes_) == 0) return slots_[i].number;
    }
  }
  /// Precondition: no equal row is there.
  void insert(const Image* row, std::uint32_t number) noexcept {
    const auto h = row_hash(row, bytes_);
    std::size_t i = h & (slots_.size() - 1);
    while (slots_[i].number != absent) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = {static_cast<std::uint32_t>(h >> 32), number};
  }

 private:
  struct slot {
    std::uint32_t tag, number;
  };
  std::size_t bytes_;
  std::vector<slot> slots_;
};

}  // namespace cosetta::groups
