#include <kernels/error.hpp>
#include <tools/conjecture/known_sequences.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#ifdef COSETTA_HAVE_ZLIB
#include <zlib.h>
#endif

namespace cosetta::conjecture {

namespace {

constexpr std::size_t most_skipped = 3;

mpz_class factorial(unsigned long n) {
  mpz_class out;
  mpz_fac_ui(out.get_mpz_t(), n);
  return out;
}

mpz_class binomial(unsigned long n, unsigned long k) {
  mpz_class out;
  mpz_bin_uiui(out.get_mpz_t(), n, k);
  return out;
}

mpz_class power(unsigned long base, unsigned long exponent) {
  mpz_class out;
  mpz_ui_pow_ui(out.get_mpz_t(), base, exponent);
  return out;
}

mpz_class fibonacci(unsigned long n) {
  mpz_class out;
  mpz_fib_ui(out.get_mpz_t(), n);
  return out;
}

mpz_class superfactorial(unsigned long n) {
  mpz_class out = 1;
  for (unsigned long i = 2; i <= n; ++i) out *= factorial(i);
  return out;
}

struct entry {
  const char* number;
  const char* name;
  unsigned long offset;                                // k of the first term
  std::function<mpz_class(unsigned long)> term;        // or, without it, terms:
  std::vector<mpz_class> terms;
};

/// Those with terms are diameters of which no formula is proved or known.
const std::vector<entry>& table() {
  static const std::vector<entry> all{
      {"A000217", "triangular numbers, k (k + 1) / 2", 0, [](unsigned long k) -> mpz_class { return binomial(k + 1, 2); }, {}},
      {"A002620", "quarter-squares, floor(k^2 / 4)", 0, [](unsigned long k) -> mpz_class { return mpz_class(k) * k / 4; }, {}},
      {"A000290", "squares, k^2", 0, [](unsigned long k) -> mpz_class { return mpz_class(k) * k; }, {}},
      {"A002378", "k (k + 1)", 0, [](unsigned long k) -> mpz_class { return mpz_class(k) * (k + 1); }, {}},
      {"A000292", "tetrahedral numbers, k (k + 1) (k + 2) / 6", 0, [](unsigned long k) -> mpz_class { return binomial(k + 2, 3); }, {}},
      {"A032766", "floor(3 k / 2)", 0, [](unsigned long k) -> mpz_class { return mpz_class(k) * 3 / 2; }, {}},
      {"A000142", "factorials, k!", 0, factorial, {}},
      {"A001710", "orders of the alternating groups, k! / 2", 2, [](unsigned long k) -> mpz_class { return factorial(k) / 2; }, {}},
      {"A000165", "double factorials of even numbers, 2^k k!", 0, [](unsigned long k) -> mpz_class { return power(2, k) * factorial(k); }, {}},
      {"A001147", "double factorials of odd numbers, (2 k)! / (2^k k!)", 0, [](unsigned long k) -> mpz_class { return factorial(2 * k) / (power(2, k) * factorial(k)); }, {}},
      {"A010050", "(2 k)!", 0, [](unsigned long k) -> mpz_class { return factorial(2 * k); }, {}},
      {"A001563", "k k!", 0, [](unsigned long k) -> mpz_class { return k * factorial(k); }, {}},
      {"A000178", "superfactorials, 1! 2! ... k!", 0, superfactorial, {}},
      {"A000079", "powers of 2, 2^k", 0, [](unsigned long k) -> mpz_class { return power(2, k); }, {}},
      {"A000244", "powers of 3, 3^k", 0, [](unsigned long k) -> mpz_class { return power(3, k); }, {}},
      {"A000045", "Fibonacci numbers", 0, fibonacci, {}},
      {"A000984", "central binomial coefficients, (2 k)! / (k!)^2", 0, [](unsigned long k) -> mpz_class { return binomial(2 * k, k); }, {}},
      {"A000108", "Catalan numbers", 0, [](unsigned long k) -> mpz_class { return binomial(2 * k, k) / (k + 1); }, {}},
      {"A001405", "binomial(k, floor(k / 2))", 0, [](unsigned long k) -> mpz_class { return binomial(k, k / 2); }, {}},
      {"A058986", "diameters of the pancake graphs", 1, nullptr, {0, 1, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 22}},
      {"A078941", "diameters of the burnt pancake graphs", 1, nullptr, {1, 4, 6, 8, 10, 12, 14, 15, 17, 18, 19, 21}},
      {"A039745", "diameters of S_n under (1,2) and (1,2,...,n), directed (lx)", 1, nullptr, {0, 1, 2, 6, 11, 18, 25, 35, 45, 58, 71, 87, 103, 122, 141}},
      {"A186783", "diameters of S_n under (1,2), (1,2,...,n) and its inverse (lrx)", 1, nullptr, {0, 1, 2, 6, 10, 15, 21, 28, 36, 45, 55, 66, 78}},
  };
  return all;
}

constexpr std::size_t most_shift = 64;     // of the first term of a run in a sequence with a formula
constexpr std::size_t most_compared = 64;  // terms of a run

std::vector<mpz_class> first_terms(const entry& e, std::size_t count) {
  if (!e.term) return e.terms;
  std::vector<mpz_class> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(e.term(e.offset + i));
  return out;
}

/// As many terms of each as the beginning of a run can meet; the others are computed when it does.
const std::vector<std::vector<mpz_class>>& beginnings() {
  static const auto all = [] {
    std::vector<std::vector<mpz_class>> out;
    for (const auto& e : table()) out.push_back(first_terms(e, most_shift + least_run));
    return out;
  }();
  return all;
}

/// Where run[skipped..] lies in the terms, as far as they go.
std::optional<std::size_t> place_of(const std::vector<mpz_class>& run, std::size_t skipped, const std::vector<mpz_class>& terms, std::size_t& agreed) {
  for (std::size_t at = 0; at + least_run <= terms.size(); ++at) {
    const std::size_t both = std::min(run.size() - skipped, terms.size() - at);
    if (std::equal(terms.begin() + static_cast<std::ptrdiff_t>(at), terms.begin() + static_cast<std::ptrdiff_t>(at + both), run.begin() + static_cast<std::ptrdiff_t>(skipped))) {
      agreed = both;
      return at;
    }
  }
  return std::nullopt;
}

std::vector<mpz_class> terms_of(std::string_view list) {
  std::vector<mpz_class> out;
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto piece = list.substr(0, comma);
    mpz_class value;
    if (!piece.empty() && value.set_str(std::string(piece), 10) == 0) out.push_back(value);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return out;
}

class line_search {
 public:
  line_search(const std::string& path, const std::vector<mpz_class>& run, std::size_t most) : path_(path), run_(run), most_(most) {
    for (std::size_t skip = 0; skip <= most_skipped && skip + least_run <= run.size(); ++skip) {
      std::string needle = ",";
      for (std::size_t i = skip; i < skip + least_run; ++i) needle += run[i].get_str() + ",";
      needles_.push_back(std::move(needle));
    }
  }

  /// False when there are enough.
  bool take(std::string_view line) {
    ++number_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') return true;
    const auto blank = line.find(' ');
    if (line.front() != 'A' || blank == std::string_view::npos || blank + 1 >= line.size() || line[blank + 1] != ',') {
      throw parse_error(fmt::format("{}:{}: expected a line like 'A000045 ,0,1,1,2,3,5,'", path_, number_));
    }
    for (std::size_t skip = 0; skip < needles_.size(); ++skip) {
      if (line.find(needles_[skip]) == std::string_view::npos) continue;
      known_sequence hit{std::string(line.substr(0, blank)), "", 0, skip, 0};
      const auto at = place_of(run_, skip, terms_of(line.substr(blank + 1)), hit.terms);
      if (!at) continue;
      hit.at = *at;
      found_.push_back(std::move(hit));
      break;
    }
    return found_.size() < most_;
  }
  std::vector<known_sequence> found() && { return std::move(found_); }

 private:
  const std::string& path_;
  const std::vector<mpz_class>& run_;
  std::size_t most_, number_ = 0;
  std::vector<std::string> needles_;  // by the number of terms that are skipped
  std::vector<known_sequence> found_;
};

/// Cuts what comes in pieces into lines.
class line_cutter {
 public:
  explicit line_cutter(line_search& search) : search_(search) {}

  bool take(std::string_view piece) {
    rest_ += piece;
    std::size_t from = 0;
    for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', from)) {
      if (!search_.take(std::string_view(rest_).substr(from, end - from))) return false;
      from = end + 1;
    }
    rest_.erase(0, from);
    return true;
  }
  void finish() {
    if (!rest_.empty()) search_.take(rest_);
  }

 private:
  line_search& search_;
  std::string rest_;
};

#ifdef COSETTA_HAVE_ZLIB
/// zlib reads what is not compressed as it is.
void read_lines(const std::string& path, line_cutter& lines) {
  const auto close = [](gzFile f) { gzclose(f); };
  const std::unique_ptr<gzFile_s, decltype(close)> file(gzopen(path.c_str(), "rb"), close);
  if (!file) throw parse_error(path + ": no such file, or not readable");
  std::string piece(1 << 20, '\0');
  for (;;) {
    const int count = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()));
    int code = 0;
    const char* why = gzerror(file.get(), &code);
    if (count < 0 || code == Z_BUF_ERROR) throw parse_error(fmt::format("{}: damaged: {}", path, count < 0 && *why != '\0' ? why : "it ends too early"));
    if (count == 0) break;
    if (!lines.take(std::string_view(piece).substr(0, static_cast<std::size_t>(count)))) return;
  }
  lines.finish();
}
#else
void read_lines(const std::string& path, line_cutter& lines) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw parse_error(path + ": no such file, or not readable");
  std::string piece(1 << 20, '\0');
  for (bool first = true; file; first = false) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount()));
    if (first && got.starts_with("\x1f\x8b")) throw backend_error(path + ": compressed, and this program was built without zlib: unpack it with gunzip first");
    if (!lines.take(got)) return;
  }
  lines.finish();
}
#endif

}  // namespace

std::vector<known_sequence> bundled_sequences(const std::vector<mpz_class>& run) {
  std::vector<known_sequence> out;
  const std::vector<mpz_class> head(run.begin(), run.begin() + static_cast<std::ptrdiff_t>(std::min(run.size(), most_compared)));
  for (std::size_t i = 0; i < table().size(); ++i) {
    const auto& e = table()[i];
    for (std::size_t skip = 0; skip <= most_skipped && skip + least_run <= head.size(); ++skip) {
      known_sequence hit{e.number, e.name, 0, skip, 0};
      if (!place_of(head, skip, beginnings()[i], hit.terms)) continue;
      const auto at = place_of(head, skip, first_terms(e, most_shift + head.size()), hit.terms);
      if (!at) continue;
      hit.at = *at;
      out.push_back(std::move(hit));
      break;
    }
  }
  return out;
}

std::vector<known_sequence> sequences_in_file(const std::string& path, const std::vector<mpz_class>& run, std::size_t most) {
  std::error_code status;
  if (std::filesystem::is_directory(path, status)) throw parse_error(path + ": a folder, not a file");
  if (run.size() < least_run) throw domain_error(fmt::format("{} terms are too few to look for: at least {}", run.size(), least_run));
  line_search search(path, run, most);
  line_cutter lines(search);
  read_lines(path, lines);
  return std::move(search).found();
}

}  // namespace cosetta::conjecture
