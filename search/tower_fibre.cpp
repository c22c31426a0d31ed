#include <search/tower_fibre.hpp>

#include <algorithm>
#include <array>

namespace cosetta::search {

namespace {

using groups::listed_group;
using list = std::vector<std::uint32_t>;
constexpr std::uint32_t absent = listed_group::absent;

/// Images of every element under conjugation by w, which normalises the group.
list conjugates_under(const listed_group& h, const groups::permutation& w) {
  const auto support = h.support();
  const std::size_t width = support.size();
  std::vector<listed_group::local> forth(width), back(width);
  for (std::size_t i = 0; i < width; ++i) {
    const auto at = std::ranges::lower_bound(support, w[support[i]]) - support.begin();
    forth[i] = static_cast<listed_group::local>(at);
    back[static_cast<std::size_t>(at)] = static_cast<listed_group::local>(i);
  }
  list out(h.size());
  std::array<listed_group::local, listed_group::max_base> images{};
  for (std::size_t e = 0; e < h.size(); ++e) {
    for (std::size_t j = 0; j < h.base().size(); ++j) images[j] = forth[h.row(e)[back[h.base()[j]]]];
    out[e] = h.find(images.data());
  }
  return out;
}

}  // namespace

tower_fibre::tower_fibre(std::shared_ptr<const listed_group> h, std::vector<std::uint8_t> classes, unsigned modulus,
                         std::span<const groups::permutation> symmetries, unsigned word_size, std::uint64_t seed)
    : h_(std::move(h)), classes_(std::move(classes)), modulus_(modulus), word_size_(word_size) {
  for (const auto& w : symmetries) conjugates_.push_back(conjugates_under(*h_, w));
  std::mt19937_64 random(seed);
  list best = {0};
  for (int tries = 0; tries < 3 && best.size() < word_size_; ++tries) {
    auto k = grow_two_group(random);
    if (k.size() > best.size()) best = std::move(k);
  }
  if (best.size() < word_size_) {  // the 2-part is small: other primes may fill a word better
    for (int tries = 0; tries < 300 && best.size() < word_size_ - word_size_ / 16; ++tries) {
      auto k = grow_any(random);
      if (k.size() > best.size()) best = std::move(k), two_group_ = false;
    }
  }
  k_ = std::move(best);
  used_bits_ = static_cast<unsigned>(k_.size());
  keeps_symmetries_ = allows(k_);
  words_ = h_->size() / k_.size();
}

/// Products of the generators in all orders, up to one element more than a word has bits.
list tower_fibre::closure(list generators) const {
  list all = {0};
  std::vector<bool> seen(h_->size());
  seen[0] = true;
  for (std::size_t i = 0; i < all.size() && all.size() <= word_size_; ++i) {
    for (const auto g : generators) {
      const auto x = h_->product(all[i], g);
      if (!seen[x]) seen[x] = true, all.push_back(x);
    }
  }
  return all;
}

/// Invariant under the symmetries and inside class 0.
bool tower_fibre::allows(const list& subgroup) const {
  return std::ranges::all_of(subgroup, [&](auto e) {
    return classes_[e] == 0 && std::ranges::all_of(conjugates_, [&](const list& c) {
             return std::ranges::find(subgroup, c[e]) != subgroup.end();
           });
  });
}

/// Normaliser growth: x extends K to K + xK, of twice the order, when it normalises K, its square lies in K, and every
/// symmetry w keeps the coset xK. A 2-group of symmetries normalises a Sylow 2-subgroup of H above each invariant K
/// (Sylow, in the product of K with the symmetries), so this never gets stuck below the 2-part of class 0.
list tower_fibre::grow_two_group(std::mt19937_64& random) const {
  list k = {0}, generators;
  std::vector<bool> in(h_->size());
  in[0] = true;
  while (2 * k.size() <= word_size_) {
    const auto normalises = [&](std::uint32_t x) {
      const auto back = h_->inverse(x);
      return std::ranges::all_of(generators, [&](auto g) { return in[h_->product(h_->product(back, g), x)]; });
    };
    const auto start = static_cast<std::uint32_t>(random() % h_->size());
    std::uint32_t found = absent;
    for (std::uint32_t i = 0; i < h_->size() && found == absent; ++i) {
      const auto x = static_cast<std::uint32_t>((start + i) % h_->size());
      if (in[x] || classes_[x] != 0 || !in[h_->product(x, x)] || !normalises(x)) continue;
      const auto back = h_->inverse(x);
      if (std::ranges::all_of(conjugates_, [&](const list& c) { return in[h_->product(back, c[x])]; })) found = x;
    }
    if (found == absent) break;
    generators.push_back(found);
    const std::size_t half = k.size();
    for (std::size_t i = 0; i < half; ++i) {
      k.push_back(h_->product(found, k[i]));
      in[k.back()] = true;
    }
  }
  return k;
}

/// Closures of random elements, taken while they fit a word.
list tower_fibre::grow_any(std::mt19937_64& random) const {
  list generators, k = {0};
  for (int misses = 0; misses < 12 && 2 * k.size() <= word_size_;) {
    const auto x = static_cast<std::uint32_t>(random() % h_->size());
    if (std::ranges::find(k, x) == k.end() && classes_[x] == 0) {
      auto more = generators;
      more.push_back(x);
      auto larger = closure(more);
      if (larger.size() <= word_size_ && allows(larger)) {
        k = std::move(larger), generators = std::move(more);
        continue;
      }
    }
    ++misses;
  }
  return k;
}

void tower_fibre::number() {
  list order;  // the left cosets of K one after the other, each in the order of K
  std::vector<bool> seen(h_->size());
  for (std::uint32_t e = 0; e < h_->size(); ++e) {
    if (seen[e]) continue;
    for (const auto x : k_) {
      order.push_back(h_->product(e, x));
      seen[order.back()] = true;
    }
  }
  list representatives(words_);  // where they begin
  for (std::size_t w = 0; w < words_; ++w) representatives[w] = static_cast<std::uint32_t>(w * k_.size());
  std::ranges::stable_sort(representatives, {}, [&](auto at) { return classes_[order[at]]; });
  // Classes begin at multiples of eight whole words, so that vectors are aligned, unless that would waste or overflow.
  const std::size_t unit = word_size_ == 64 && representatives.size() >= 64 &&
                                   (representatives.size() + 8 * modulus_ - 8) * word_size_ <= max_places
                               ? 8
                               : 1;
  places_.assign(h_->size(), absent);
  elements_.clear();
  class_begin_.assign(modulus_ + 1, 0);
  std::size_t next = 0;
  for (unsigned c = 0; c < modulus_; ++c) {
    class_begin_[c] = static_cast<std::uint32_t>(elements_.size() / word_size_);
    for (; next < representatives.size() && classes_[order[representatives[next]]] == c; ++next) {
      const auto w = elements_.size() / word_size_;
      elements_.resize(elements_.size() + word_size_, absent);
      for (std::size_t b = 0; b < k_.size(); ++b) {
        const auto e = order[representatives[next] + b];
        places_[e] = static_cast<std::uint32_t>(w * word_size_ + b);
        elements_[w * word_size_ + b] = e;
      }
    }
    const std::size_t end = (elements_.size() / word_size_ + unit - 1) / unit * unit;
    elements_.resize(end * word_size_, absent);
  }
  words_ = elements_.size() / word_size_;
  class_begin_[modulus_] = static_cast<std::uint32_t>(words_);
}

void tower_fibre::pattern(std::size_t variant, std::uint32_t s, std::uint16_t* out) const {
  const auto& conjugate = conjugates_[variant];
  std::size_t c = 0, from = 0;  // class of word w, and where the words begin that the words of this class pull
  for (std::size_t w = 0; w < words(); ++w) {
    while (w >= class_begin_[c + 1]) ++c;
    const auto t = elements_[w * word_size_];
    if (t == absent) {  // pulls an empty word of that class: its own might be written meanwhile, where a layer is made
                        // in place
      out[w] = static_cast<std::uint16_t>((from + w - class_begin_[c]) * word_size_);
      continue;
    }
    out[w] = static_cast<std::uint16_t>(places_[h_->product(s, conjugate[t])]);
    if (w == class_begin_[c])
      from = *(std::upper_bound(class_begin_.begin(), class_begin_.end(), out[w] / word_size_) - 1);
  }
}

void tower_fibre::bit_permutation(std::size_t variant, unsigned k2, std::uint8_t* out) const {
  for (unsigned b = 0; b < word_size_; ++b) {
    out[b] = static_cast<std::uint8_t>(
        b < used_bits_ && k2 < used_bits_ ? places_[h_->product(k_[k2], conjugates_[variant][k_[b]])] % word_size_ : b);
  }
}

}  // namespace cosetta::search
