#include <kernels/word_array.hpp>
#include <search/matrix_rows.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

namespace cosetta::search {

namespace {

constexpr std::size_t batch = 128;  // look-ups under way at a time

/// Slots for so many keys and a batch more: about two thirds are taken.
std::size_t slots_for(std::uint64_t keys) {
  return std::bit_ceil(std::max<std::uint64_t>(keys + keys / 2 + 1024, 2048));
}

/// Keys and their numbers, by open addressing. A slot is two words, the key plus one and the number; 0: empty.
class key_table {
 public:
  explicit key_table(std::uint64_t keys)
      : slots_(slots_for(keys)), shift_(64 - static_cast<unsigned>(std::countr_zero(slots_))), words_(2 * slots_) {}

  void prefetch(std::uint64_t key) const { __builtin_prefetch(words_.data() + 2 * place(key)); }
  /// True when it was not there. `number` is not used otherwise.
  bool insert(std::uint64_t key, std::uint32_t number) {
    std::uint64_t* slot = words_.data() + 2 * find(key);
    if (slot[0] != 0) return false;
    slot[0] = key + 1;
    slot[1] = number;
    return true;
  }
  /// Precondition: it is there.
  std::uint32_t number(std::uint64_t key) const { return static_cast<std::uint32_t>(words_.data()[2 * find(key) + 1]); }
  bool is_crowded(std::uint64_t keys) const { return slots_for(keys) > slots_; }

 private:
  std::size_t place(std::uint64_t key) const { return (key * 0x9e3779b97f4a7c15u) >> shift_; }
  std::size_t find(std::uint64_t key) const {
    std::size_t i = place(key);
    while (words_.data()[2 * i] != 0 && words_.data()[2 * i] != key + 1) i = (i + 1) & (slots_ - 1);
    return i;
  }
  std::size_t slots_;
  unsigned shift_;
  kernels::word_array words_;
};

/// Ascending, by 11 bits at a time.
void sort_keys(std::vector<std::uint64_t>& keys, std::size_t bits) {
  if (keys.size() < 4096) {
    std::sort(keys.begin(), keys.end());
    return;
  }
  std::vector<std::uint64_t> other(keys.size());
  std::vector<std::size_t> start(2048);
  for (std::size_t shift = 0; shift < bits; shift += 11) {
    std::fill(start.begin(), start.end(), 0);
    for (const auto k : keys) ++start[k >> shift & 2047];
    std::size_t sum = 0;
    for (auto& s : start) s = std::exchange(sum, sum + s);
    for (const auto k : keys) other[start[k >> shift & 2047]++] = k;
    keys.swap(other);
  }
}

/// The generators that reach everything: in a finite group an inverse is not needed beside its inverse.
std::vector<std::size_t> halved(const matrix_fibre& fibre) {
  std::vector<std::size_t> out;
  for (std::size_t g = 0; g < fibre.generators(); ++g) {
    const auto inverse = fibre.inverse_of(g);
    if (!inverse || *inverse >= g) out.push_back(g);
  }
  return out;
}

}  // namespace

std::uint64_t numbering_bytes(std::uint64_t rows) noexcept {
  return 16 * slots_for(rows) + 8 * rows;
}

row_keys enumerate_rows(matrix_fibre& fibre, std::uint64_t expected, std::uint64_t limit, const run_context& context) {
  limit = std::min<std::uint64_t>(limit, std::numeric_limits<std::uint32_t>::max());
  const auto generators = halved(fibre);
  row_keys out;
  auto& keys = out.keys;
  const auto enumerate = [&] {  // false: a constant entry varies, start again
    key_table table(std::min(expected, limit));
    keys.clear();
    keys.reserve(std::min(expected, limit));
    matrix_fibre::entries from = fibre.central(), to{};
    fibre.reduce(from);
    keys.push_back(fibre.key(from));
    table.insert(keys[0], 0);
    std::array<std::uint64_t, batch + 256> found;
    for (std::size_t head = 0, polled = 0; head < keys.size();) {
      std::size_t count = 0;
      while (count < batch && head < keys.size()) {
        from = fibre.from_key(keys[head++]);
        for (const auto g : generators) {
          fibre.step_back(g, from, to);
          fibre.reduce(to);
          if (!fibre.fits(to)) {
            fibre.widen(to);
            return false;
          }
          found[count] = fibre.key(to);
          table.prefetch(found[count++]);
        }
      }
      for (std::size_t i = 0; i < count; ++i) {
        if (table.insert(found[i], 0)) keys.push_back(found[i]);
      }
      if (keys.size() > limit) {
        out.too_many = true;
        return true;
      }
      if (table.is_crowded(keys.size())) {
        table = key_table(2 * keys.size());
        for (const auto k : keys) table.insert(k, 0);
      }
      if (head - polled >= 4096) {
        polled = head;
        if (context.is_stopped()) {
          out.stopped = true;
          return true;
        }
      }
    }
    return true;
  };
  while (!enumerate()) {
    if (fibre.key_bits() > 63) {
      out.too_many = true;
      break;
    }
  }
  if (out.stopped || out.too_many) {
    keys = {};
    return out;
  }
  sort_keys(keys, fibre.key_bits());
  keys.shrink_to_fit();
  return out;
}

std::optional<row_tables> tabulate_rows(const matrix_fibre& fibre, const std::vector<std::uint64_t>& keys,
                                        const run_context& context) {
  const std::size_t d = fibre.generators();
  key_table table(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i + 16 < keys.size()) table.prefetch(keys[i + 16]);
    table.insert(keys[i], static_cast<std::uint32_t>(i));
  }
  // g^-1 S_r = S_q z^t, so g moves bit b of row q to bit b - t of row r; and g^-1, where it is a generator, moves bit b
  // of row r to bit b + t of row q: one step tells of both.
  struct step {
    std::size_t generator;
    std::optional<std::size_t> inverse;
  };
  std::vector<step> steps;
  for (std::size_t g = 0; g < d; ++g) {
    const auto inverse = fibre.inverse_of(g);
    const bool mutual = inverse && *inverse != g && fibre.inverse_of(*inverse) == g;
    if (!mutual) steps.push_back({g, std::nullopt});
    if (mutual && g < *inverse) steps.push_back({g, inverse});
  }
  struct pending {
    std::uint64_t key;
    std::uint32_t row;
    std::uint16_t exponent;
    std::uint16_t step;
  };
  row_tables out;
  out.sources.resize(keys.size() * d);
  out.rotations.resize(keys.size() * d);
  std::array<pending, batch + 256> found;
  matrix_fibre::entries to{};
  for (std::size_t r = 0, polled = 0; r < keys.size();) {
    std::size_t count = 0;
    while (count < batch && r < keys.size()) {
      const auto from = fibre.from_key(keys[r]);
      for (std::size_t s = 0; s < steps.size(); ++s) {
        fibre.step_back(steps[s].generator, from, to);
        const auto t = static_cast<std::uint16_t>(fibre.reduce(to));
        found[count] = {fibre.key(to), static_cast<std::uint32_t>(r), t, static_cast<std::uint16_t>(s)};
        table.prefetch(found[count++].key);
      }
      ++r;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto& p = found[i];
      const auto q = table.number(p.key);
      const std::size_t here = p.row * d + steps[p.step].generator;
      out.sources[here] = q;
      out.rotations[here] = static_cast<std::uint16_t>(fibre.negative(p.exponent));
      if (const auto& inverse = steps[p.step].inverse) {
        const std::size_t there = q * d + *inverse;
        out.sources[there] = p.row;
        out.rotations[there] = p.exponent;
      }
    }
    if (r - polled >= 4096) {
      polled = r;
      if (context.is_stopped()) return std::nullopt;
    }
  }
  return out;
}

}  // namespace cosetta::search
