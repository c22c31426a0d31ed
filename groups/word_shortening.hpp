// Local shortening of words: letters that commute are brought together and their powers taken modulo the order; then
// windows of the word are looked up in the ball of short words.
#pragma once

#include <groups/word_tables.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cosetta::groups {

/// What the letters of an alphabet do among themselves.
struct letter_relations {
  std::vector<std::uint64_t> orders;       // of each letter; 0 where it passes 2^62
  std::vector<std::vector<bool>> commute;
};

/// Words in which powers of a letter stand together where the commuting pairs allow it, with exponents of least size.
inline void merge_powers(std::vector<std::uint16_t>& w, const word_alphabet& alphabet, const letter_relations& relations) {
  struct syllable {
    std::uint16_t code;
    std::int64_t exponent;
  };
  std::vector<syllable> out;
  for (const auto code : w) {
    const auto inverse = alphabet.inverses[code];
    std::size_t at = out.size();
    bool merged = false;
    while (at > 0) {
      auto& s = out[at - 1];
      if (s.code == code || s.code == inverse) {
        s.exponent += s.code == code ? 1 : -1;
        const auto n = static_cast<std::int64_t>(relations.orders[s.code]);
        if (n != 0 && 2 * s.exponent > n) s.exponent -= n;
        if (n != 0 && 2 * s.exponent <= -n) s.exponent += n;
        if (s.exponent == 0) out.erase(out.begin() + static_cast<std::ptrdiff_t>(at - 1));
        merged = true;
        break;
      }
      if (!relations.commute[s.code][code]) break;
      --at;
    }
    if (!merged) out.push_back({code, 1});
  }
  w.clear();
  for (const auto& s : out) {
    const auto code = s.exponent > 0 ? s.code : alphabet.inverses[s.code];
    w.insert(w.end(), static_cast<std::size_t>(s.exponent > 0 ? s.exponent : -s.exponent), code);
  }
}

/// Replaces windows by shorter words of the ball until none is left.
template <class Image>
void shorten_windows(std::vector<std::uint16_t>& w, const word_tables<Image>& tables) {
  const auto& domain = tables.domain();
  const auto& ball = tables.ball();
  if (ball.size() < 2) return;
  const std::size_t longest = std::min<std::size_t>(2 * std::size_t{ball.back().word.length} + 2, 40);
  row_pool<Image> rows(domain.row_size());
  auto* x = rows.allocate();
  std::vector<std::uint16_t> replaced;
  for (std::size_t i = 0; i < w.size();) {
    domain.copy(tables.letter(w[i]), x);
    std::size_t gain = 0, end = 0;
    std::uint32_t by = absent;
    for (std::size_t j = i + 1; j < w.size() && j < i + longest; ++j) {
      domain.compose(x, tables.letter(w[j]), x);
      const auto found = tables.in_ball(x);
      if (found == absent) continue;
      const std::size_t length = j + 1 - i;
      if (length - ball[found].word.length > gain) {
        gain = length - ball[found].word.length;
        end = j + 1;
        by = found;
      }
    }
    if (by == absent) {
      ++i;
      continue;
    }
    replaced.assign(w.begin(), w.begin() + static_cast<std::ptrdiff_t>(i));
    tables.store().append(ball[by].word, replaced);
    for (auto j = end; j < w.size(); ++j) {
      if (!replaced.empty() && replaced.back() == tables.alphabet().inverses[w[j]]) {
        replaced.pop_back();
      } else {
        replaced.push_back(w[j]);
      }
    }
    w.swap(replaced);
    i = i > longest ? i - longest : 0;
  }
}

}  // namespace cosetta::groups
