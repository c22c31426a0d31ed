#include <groups/coset_words.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

columns reduced(const word& w, const coset_words& words) {
  columns out;
  for (const auto letter : w) {
    const auto x = words.columns_of[static_cast<std::size_t>(letter > 0 ? 2 * (letter - 1) : -2 * letter - 1)];
    if (!out.empty() && out.back() == words.inverse_of[x]) {
      out.pop_back();
    } else {
      out.push_back(x);
    }
  }
  return out;
}

columns cyclically_reduced(const word& w, const coset_words& words) {
  const columns out = reduced(w, words);
  std::size_t strip = 0;
  while (2 * strip + 1 < out.size() && out[strip] == words.inverse_of[out[out.size() - 1 - strip]]) ++strip;
  const auto by = static_cast<std::ptrdiff_t>(strip);
  return {out.begin() + by, out.end() - by};
}

columns inverted(const columns& w, const coset_words& words) {
  columns out(w.rbegin(), w.rend());
  for (auto& x : out) x = words.inverse_of[x];
  return out;
}

/// Where the least rotation of a word that is not empty begins, in linear time.
std::size_t least_rotation(const columns& w) {
  const std::size_t n = w.size();
  std::size_t i = 0;
  std::size_t j = 1;
  for (std::size_t k = 0; i < n && j < n && k < n;) {
    const column a = w[(i + k) % n];
    const column b = w[(j + k) % n];
    if (a == b) {
      ++k;
      continue;
    }
    (a > b ? i : j) += k + 1;
    if (i == j) ++j;
    k = 0;
  }
  return std::min(i, j);
}

columns rotated(columns w, std::size_t by) {
  std::rotate(w.begin(), w.begin() + static_cast<std::ptrdiff_t>(by), w.end());
  return w;
}

/// The length of the shortest u with w = u^k: the prefix function of Knuth, Morris and Pratt.
std::size_t root_length(const columns& w) {
  std::vector<std::uint32_t> border(w.size(), 0);
  for (std::uint32_t i = 1, k = 0; i < w.size(); ++i) {
    while (k > 0 && w[i] != w[k]) k = border[k - 1];
    border[i] = k += static_cast<std::uint32_t>(w[i] == w[k]);
  }
  const std::size_t period = w.size() - border.back();
  return w.size() % period == 0 ? period : w.size();
}

void check_letters(const std::vector<word>& list, std::size_t generators, const char* what) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    for (const auto letter : list[i]) {
      if (letter != 0 && static_cast<std::size_t>(std::abs(static_cast<std::int64_t>(letter))) <= generators) continue;
      throw domain_error(
          fmt::format("coset enumeration: {} {} holds the letter {}: with {} generators, letters are 1 "
                      "to {} and their negatives",
                      what, i + 1, letter, generators, generators));
    }
  }
}

void choose_columns(coset_words& words, const std::vector<bool>& is_involution) {
  words.columns_of.clear();
  words.inverse_of.clear();
  for (const bool one : is_involution) {
    const auto x = static_cast<column>(words.inverse_of.size());
    const column y = one ? x : x + 1;
    words.columns_of.insert(words.columns_of.end(), {x, y});
    words.inverse_of.push_back(y);
    if (!one) words.inverse_of.push_back(x);
  }
}

}  // namespace

coset_words make_coset_words(const presentation& p) {
  check_letters(p.relators, p.generators.size(), "relator");
  check_letters(p.subgroup, p.generators.size(), "subgroup generator");
  coset_words out;
  std::vector<bool> is_involution(p.generators.size(), false);
  choose_columns(out, is_involution);
  // One involution may shorten another relator to a square; a few rounds find all those that are worth it.
  for (int round = 0; round < 3; ++round) {
    bool found = false;
    for (const auto& r : p.relators) {
      const columns w = cyclically_reduced(r, out);
      if (w.size() != 2 || w[0] != w[1]) continue;
      const auto at = std::find(out.columns_of.begin(), out.columns_of.end(), w[0]) - out.columns_of.begin();
      is_involution[static_cast<std::size_t>(at / 2)] = found = true;
    }
    if (!found) break;
    choose_columns(out, is_involution);
  }
  std::set<columns> known;
  for (const auto& r : p.relators) {
    columns w = cyclically_reduced(r, out);
    if (w.empty()) continue;
    const std::size_t root = root_length(w);
    const columns u(w.begin(), w.begin() + static_cast<std::ptrdiff_t>(root));
    const columns back = inverted(u, out);
    const std::size_t first = least_rotation(u);
    const std::size_t first_back = least_rotation(back);
    columns name = rotated(u, first);
    columns name_back = rotated(back, first_back);
    const std::size_t reversal = name == name_back ? (first + root - first_back) % root : root;
    if (name_back < name) name.swap(name_back);
    name.push_back(static_cast<column>(w.size() / root));
    if (known.insert(std::move(name)).second) out.relators.push_back({std::move(w), root, reversal});
  }
  std::stable_sort(out.relators.begin(), out.relators.end(),
                   [](const auto& a, const auto& b) { return a.letters.size() < b.letters.size(); });
  for (const auto& s : p.subgroup) {
    if (auto w = reduced(s, out); !w.empty()) out.subgroup.push_back(std::move(w));
  }
  return out;
}

}  // namespace cosetta::groups
