#include <kernels/bit_moves.hpp>

#include <algorithm>
#include <array>

namespace cosetta::kernels {

namespace {

// Measured on Zen 4, tables in the second cache.
constexpr double turned_ns = 0.5;
constexpr double pulled_ns = 0.8;
constexpr double gathered_ns = 1.7;

/// What one target word takes from one source word.
struct word_share {
  std::uint32_t word = 0;
  unsigned count = 0;                  // bits
  std::array<std::uint8_t, 64> to{};   // ascending
  std::array<std::uint8_t, 64> bit{};  // of the source word

  /// The distinct rotations.
  std::uint64_t turns() const noexcept {
    std::uint64_t all = 0;
    for (unsigned i = 0; i < count; ++i) all |= std::uint64_t{1} << ((to[i] - bit[i]) & 63);
    return all;
  }
  /// The least number of sequences in order that the bits fall into (Dilworth; patience sorting finds it); chain[i] of bit i.
  unsigned chains(std::array<std::uint8_t, 64>& chain) const noexcept {
    std::array<std::uint8_t, 64> last{};
    unsigned n = 0;
    for (unsigned i = 0; i < count; ++i) {
      unsigned c = 0;  // the last bits of the chains descend
      while (c < n && last[c] > bit[i]) ++c;
      last[c] = bit[i];
      chain[i] = static_cast<std::uint8_t>(c);
      n = std::max(n, c + 1);
    }
    return n;
  }
};

/// How one target word is made.
class word_plan {
 public:
  word_plan(std::span<const std::uint32_t> from, std::size_t words, bit_move_forms forms) {
    for (unsigned to = 0; to < 64; ++to) {
      if (from[to] == bit_moves::none) continue;
      auto& s = share_of(from[to] / 64);
      s.to[s.count] = static_cast<std::uint8_t>(to);
      s.bit[s.count++] = static_cast<std::uint8_t>(from[to] % 64);
    }
    std::sort(order_.begin(), order_.begin() + count_, [this](auto a, auto b) { return shares_[a].word < shares_[b].word; });
    for (unsigned i = 0; i < count_; ++i) {
      const auto& s = shares_[order_[i]];
      std::array<std::uint8_t, 64> chain;
      const double turn = turned_ns * __builtin_popcountll(s.turns());
      const double pull = forms.pulled ? pulled_ns * s.chains(chain) : turn + 1;
      pulls_[i] = pull < turn;
      costs_[i] = std::min(turn, pull);
    }
    const bool gathers = forms.gathered && words >= bit_moves::gather_words;
    for (unsigned i = 0; i < count_;) {
      const auto base = base_of(share(i).word, words);
      unsigned end = i;
      double sum = 0;
      while (end < count_ && base_of(share(end).word, words) == base) sum += costs_[end++];
      const bool gather = gathers && sum > gathered_ns;
      cost_ += gather ? gathered_ns : sum;
      for (; i < end; ++i) gathered_[i] = gather;
    }
  }

  unsigned count() const noexcept { return count_; }
  const word_share& share(unsigned i) const noexcept { return shares_[order_[i]]; }
  bool pulled(unsigned i) const noexcept { return pulls_[i]; }
  bool gathered(unsigned i) const noexcept { return gathered_[i]; }
  double cost() const noexcept { return cost_; }

  static std::uint32_t base_of(std::uint32_t word, std::size_t words) noexcept {
    const auto base = word / bit_moves::gather_words * bit_moves::gather_words;
    return static_cast<std::uint32_t>(words < bit_moves::gather_words ? base : std::min(base, words - bit_moves::gather_words));
  }

 private:
  word_share& share_of(std::uint32_t word) noexcept {
    for (unsigned i = count_; i-- > 0;) {
      if (shares_[i].word == word) return shares_[i];
    }
    order_[count_] = static_cast<std::uint8_t>(count_);
    auto& s = shares_[count_++];
    s.word = word;
    s.count = 0;
    return s;
  }

  std::array<word_share, 64> shares_;
  std::array<std::uint8_t, 64> order_{};  // by source word
  std::array<bool, 64> pulls_{}, gathered_{};
  std::array<double, 64> costs_{};
  unsigned count_ = 0;
  double cost_ = 0;
};

/// Rows in rounds: the first operation of each target word, then the second of each, ...
template <class Row>
std::vector<std::uint32_t> rounds(const std::vector<Row>& rows) {
  std::vector<std::uint32_t> round(rows.size()), order(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    round[i] = i > 0 && rows[i - 1].to == rows[i].to ? round[i - 1] + 1 : 0;
    order[i] = static_cast<std::uint32_t>(i);
  }
  std::ranges::stable_sort(order, {}, [&](auto i) { return round[i]; });
  return order;
}

template <class Row>
std::vector<Row> in_order(const std::vector<Row>& rows, const std::vector<std::uint32_t>& order) {
  std::vector<Row> out;
  out.reserve(rows.size());
  for (const auto i : order) out.push_back(rows[i]);
  return out;
}

}  // namespace

bit_moves::bit_moves(std::span<const std::uint32_t> from, bit_move_forms forms) {
  const std::size_t words = from.size() / 64;
  for (std::size_t w = 0; w < words; ++w) {
    const auto to = static_cast<std::uint16_t>(w);
    const word_plan plan(from.subspan(64 * w, 64), words, forms);
    for (unsigned i = 0; i < plan.count();) {
      const auto& s = plan.share(i);
      const auto word = static_cast<std::uint16_t>(s.word);
      if (plan.gathered(i)) {
        const auto base = word_plan::base_of(s.word, words);
        const std::size_t at = controls_.size();
        controls_.resize(at + 128);
        for (; i < plan.count() && word_plan::base_of(plan.share(i).word, words) == base; ++i) {
          const auto& part = plan.share(i);
          for (unsigned k = 0; k < part.count; ++k) {
            controls_[at + part.to[k]] = static_cast<std::uint8_t>(8 * (part.word - base) + part.bit[k] / 8);
            controls_[at + 64 + part.to[k]] = static_cast<std::uint8_t>(1U << (part.bit[k] % 8));
          }
        }
        gathered_.push_back({static_cast<std::uint16_t>(base), to});
        continue;
      }
      if (plan.pulled(i)) {
        std::array<std::uint8_t, 64> chain;
        const unsigned n = s.chains(chain);
        const std::size_t first = pulled_.size();
        for (unsigned c = 0; c < n; ++c) pulled_.push_back({0, 0, word, to});
        for (unsigned k = 0; k < s.count; ++k) {
          pulled_[first + chain[k]].take |= std::uint64_t{1} << s.bit[k];
          pulled_[first + chain[k]].put |= std::uint64_t{1} << s.to[k];
        }
      } else {
        for (auto turns = s.turns(); turns != 0; turns &= turns - 1) {
          const auto turn = static_cast<std::uint32_t>(__builtin_ctzll(turns));
          std::uint64_t put = 0;
          for (unsigned k = 0; k < s.count; ++k) {
            if (static_cast<unsigned>((s.to[k] - s.bit[k]) & 63) == turn) put |= std::uint64_t{1} << s.to[k];
          }
          turned_.push_back({put, word, to, turn});
        }
      }
      ++i;
    }
  }
  turned_ = in_order(turned_, rounds(turned_));
  pulled_ = in_order(pulled_, rounds(pulled_));
  const auto order = rounds(gathered_);
  gathered_ = in_order(gathered_, order);
  std::vector<std::uint8_t> controls(controls_.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::copy_n(controls_.begin() + std::ptrdiff_t{128} * order[i], 128, controls.begin() + 128 * static_cast<std::ptrdiff_t>(i));
  }
  controls_ = std::move(controls);
}

std::size_t bit_moves::bytes() const noexcept {
  return sizeof *this + turned_.size() * sizeof(turned_word) + pulled_.size() * sizeof(pulled_word) +
         gathered_.size() * sizeof(gathered_word) + controls_.size();
}

double bit_moves::cost() const noexcept {
  return turned_ns * static_cast<double>(turned_.size()) + pulled_ns * static_cast<double>(pulled_.size()) +
         gathered_ns * static_cast<double>(gathered_.size());
}

double bit_moves::cost_of(std::span<const std::uint32_t> from, std::size_t words, bit_move_forms forms) {
  return word_plan(from, words, forms).cost();
}

namespace scalar {
extern const bit_move_kernels moves;
}
#if defined(COSETTA_X86)
namespace avx2 {
extern const bit_move_kernels moves;
}
namespace avx512 {
extern const bit_move_kernels moves;
}

namespace {

/// pext and pdep are microcode of some hundred cycles on AMD's processors before Zen 3.
bool has_fast_bit_extraction() noexcept {
  return __builtin_cpu_supports("bmi2") && !__builtin_cpu_is("znver1") && !__builtin_cpu_is("znver2") && !__builtin_cpu_is("bdver4");
}

bit_move_kernels suited(bit_move_kernels kernels) noexcept {
  if (!has_fast_bit_extraction()) kernels.forms.pulled = false;
  return kernels;
}

}  // namespace
#endif

const bit_move_kernels& bit_move_kernels_for(instruction_set set) noexcept {
#if defined(COSETTA_X86)
  if (set == instruction_set::avx512) {
    static const bit_move_kernels kernels = suited(avx512::moves);
    return kernels;
  }
  if (set == instruction_set::avx2) {
    static const bit_move_kernels kernels = suited(avx2::moves);
    return kernels;
  }
#endif
  static_cast<void>(set);
  return scalar::moves;
}

}  // namespace cosetta::kernels
