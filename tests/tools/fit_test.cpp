// Formulas are found without being told, what has none is refused, and shapes are told apart.
#include <cmath>
#include <numbers>
#include <random>

#include <catch2/catch.hpp>
#include <kernels/error.hpp>
#include <nlohmann/json.hpp>
#include <tests/effort.hpp>
#include <tests/tools/program.hpp>
#include <tools/conjecture/chance.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/formula_text.hpp>
#include <tools/conjecture/product_fit.hpp>
#include <tools/conjecture/quasi_polynomial_fit.hpp>
#include <tools/conjecture/recurrence_fit.hpp>
#include <tools/conjecture/shape_fit.hpp>

namespace cosetta::conjecture {
namespace fit_test {
namespace {

std::vector<fit_row> rows_from(long first, const std::vector<long>& values) {
  std::vector<fit_row> out;
  for (const long v : values) out.push_back({first++, mpz_class(v), true});
  return out;
}

template <typename Function>
std::vector<fit_row> rows_of(long first, long last, Function f) {
  std::vector<fit_row> out;
  for (long n = first; n <= last; ++n) out.push_back({n, mpz_class(f(n)), true});
  return out;
}

formula only(const fit_report& report) {
  INFO(report.text());
  REQUIRE(report.formulas.size() == 1);
  return report.formulas[0];
}

// Diameters: cosetta diameter FAMILY:n --json of this program, and the tables published with CayleyPy (data/*_growth.csv), which agree.
const std::vector<long> lx_from_4{6, 11, 18, 25, 35, 45, 58, 71, 87, 103, 122, 141};
const std::vector<long> lrx_from_3{2, 6, 10, 15, 21, 28, 36, 45, 55, 66, 78, 91, 105};
const std::vector<long> cyclic_coxeter_from_2{1, 2, 4, 6, 9, 12, 16, 20, 25, 30, 36};
const std::vector<long> top_spin_from_4{3, 3, 12, 17, 22, 23, 28, 32, 38, 41, 47};
const std::vector<long> heisenberg_3_from_2{4, 4, 6, 6, 8, 8, 8, 8, 10, 10, 12, 12, 14, 14, 16, 16, 18, 18, 20, 20, 22, 22, 24, 24, 26, 26, 28, 28, 30};
// OEIS A058986; n = 18 and 19 by Cibulka and others.
const std::vector<long> pancake_from_1{0, 1, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 22};

std::vector<long> first(const std::vector<long>& all, std::size_t count) { return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)}; }

TEST_CASE("LX: Glushkov's formula from n = 4 .. 12, with its exception and the points that could have refuted it") {
  const auto report = find_formulas(rows_from(4, first(lx_from_4, 9)));
  const auto f = only(report);
  CHECK(f.text == "floor(3 n^2 / 4) - 2 n + 3");
  CHECK(f.description == "quasi-polynomial, period 2, degree 2");
  CHECK(f.from == 5);
  CHECK(f.fixed_by == 4);
  CHECK(f.held_out == 4);
  REQUIRE(f.exceptions.size() == 1);
  CHECK(f.exceptions[0].value == 6);
  CHECK(f.chance < 0.05);
  CHECK(f.chance > 1.0 / 256);  // four points, four values each: it cannot be less
  REQUIRE(f.next);
  CHECK(f.next->n == 13);
  CHECK(f.next->value == 103);
  REQUIRE(report.sequences.size() == 1);
  CHECK(report.sequences[0].number == "A039745");
  CHECK_THAT(report.text(), Catch::Contains("quasi-polynomial, period 2, degree 2, for n >= 5: floor(3 n^2 / 4) - 2 n + 3\n4 points fix it, 4 more were held out and agree\n"));
  auto wrong = first(lx_from_4, 9);
  wrong.back() -= 2;
  CHECK(find_formulas(rows_from(4, wrong)).formulas.empty());
  CHECK(only(find_formulas(rows_from(4, lx_from_4))).chance < 1e-3);
}

TEST_CASE("diameters of families: formulas found without being told") {
  const auto lrx = only(find_formulas(rows_from(3, lrx_from_3)));
  CHECK(lrx.text == "n (n - 1) / 2");
  CHECK(lrx.from == 4);
  CHECK(lrx.fixed_by == 3);
  CHECK(lrx.held_out == 9);
  const auto coxeter = only(find_formulas(rows_from(2, cyclic_coxeter_from_2)));
  CHECK(coxeter.text == "floor(n^2 / 4)");
  CHECK(coxeter.from == 2);
  CHECK(coxeter.fixed_by == 4);
  CHECK(coxeter.held_out == 7);
  const auto heisenberg = only(find_formulas(rows_from(2, heisenberg_3_from_2)));
  CHECK(heisenberg.text == "2 floor(n / 2)");
  CHECK(heisenberg.from == 8);
  CHECK(only(find_formulas(rows_from(2, {4, 4, 8, 8, 12, 12, 16, 16, 20, 20, 24}))).text == "4 floor(n / 2)");  // heisenberg:4
  CHECK(only(find_formulas(rows_from(3, {3, 4, 6, 7, 9, 10, 12, 13, 15}))).text == "floor((3 n - 3) / 2)");     // stars
  CHECK(only(find_formulas(rows_from(2, {1, 2, 3, 4, 5, 6, 7, 8}))).text == "n - 1");                           // full reversals
}

TEST_CASE("diameters without a formula are refused") {
  CHECK(find_formulas(rows_from(4, top_spin_from_4)).formulas.empty());
  CHECK(find_formulas(rows_from(2, {1, 3, 4, 8, 16, 22, 30, 40, 49, 62, 74, 87})).formulas.empty());  // rapaport_m2
  for (std::size_t count = 3; count <= pancake_from_1.size(); ++count) {
    for (const long from : {1L, 2L, 3L, 4L}) {
      if (static_cast<std::size_t>(from) + 2 > count) continue;
      const std::vector<long> part(pancake_from_1.begin() + (from - 1), pancake_from_1.begin() + static_cast<std::ptrdiff_t>(count));
      const auto report = find_formulas(rows_from(from, part));
      INFO(report.text());
      CHECK(report.formulas.empty());
    }
  }
}

TEST_CASE("recurrences and products") {
  const auto fibonacci = only(find_formulas(rows_from(1, {1, 1, 2, 3, 5, 8, 13, 21, 34, 55})));
  CHECK(fibonacci.text == "a(n) = a(n-1) + a(n-2), a(1) = 1, a(2) = 1");
  CHECK(fibonacci.order == 2);
  CHECK(fibonacci.fixed_by == 4);
  CHECK(fibonacci.held_out == 6);
  REQUIRE(fibonacci.next);
  CHECK(fibonacci.next->value == 89);
  const auto text = [](const std::vector<fit_row>& rows) {
    const auto report = find_formulas(rows);
    INFO(report.text());
    REQUIRE_FALSE(report.formulas.empty());
    return report.formulas[0].text;
  };
  const auto factorial = [](long n) {
    mpz_class out;
    mpz_fac_ui(out.get_mpz_t(), static_cast<unsigned long>(n));
    return out;
  };
  const auto two_to = [](long n) -> mpz_class { return mpz_class(1) << static_cast<unsigned long>(n); };
  CHECK(text(rows_of(1, 8, factorial)) == "n!");
  CHECK(text(rows_of(3, 9, [&](long n) -> mpz_class { return factorial(n) / 2; })) == "n! / 2");
  CHECK(text(rows_of(2, 9, [&](long n) -> mpz_class { return two_to(n) * factorial(n); })) == "2^n n!");
  CHECK(text(rows_of(2, 9, [&](long n) -> mpz_class { return two_to(n - 1) * factorial(n); })) == "2^(n-1) n!");
  CHECK(text(rows_of(1, 8, [&](long n) -> mpz_class { return factorial(2 * n); })) == "(2 n)!");
  CHECK(text(rows_of(1, 10, [&](long n) -> mpz_class { return factorial(2 * n) / (factorial(n) * factorial(n)); })) == "(2 n)! / (n!)^2");
  CHECK(text(rows_of(1, 10, [&](long n) -> mpz_class { return 5 * two_to(n) * n * n * n; })) == "5 * 2^n n^3");
  CHECK(text(rows_of(1, 8, [&](long n) -> mpz_class {
          mpz_class out = 3;
          for (long i = 1; i <= n; ++i) out *= factorial(i);
          return out;
        })) == "3 (1! 2! ... n!)");
  // An exception at the beginning, a spaced n, a geometric sequence with a rational ratio.
  auto late = rows_of(2, 10, factorial);
  late[0].value = 7;
  const auto f = find_formulas(late).formulas.at(0);
  CHECK(f.text == "n!");
  CHECK(f.from == 3);
  std::vector<fit_row> spaced;
  for (const long n : {3L, 5L, 7L, 11L, 13L, 17L}) spaced.push_back({n, two_to(n) * factorial(n), true});
  CHECK(text(spaced) == "2^n n!");
  CHECK(text(rows_of(1, 8, [](long n) -> mpz_class {
          mpz_class out = 1;
          for (long i = 1; i <= 10; ++i) out *= i <= n ? 3 : 2;
          return out;
        })) == "a(n) = (3/2) a(n-1), a(1) = 1536");
  CHECK(find_recurrence(rows_from(0, {1, 1, 2, 5, 14, 42, 132, 429, 1430, 4862}), {}).found == std::nullopt);  // Catalan's have none
}

TEST_CASE("quasi-polynomials: planted ones come back, the least of those that fit") {
  std::mt19937_64 random(11);
  const auto among = [&](long low, long high) { return std::uniform_int_distribution<long>(low, high)(random); };
  for (std::size_t repeat = 0; repeat < tests::repeats(100); ++repeat) {
    const long period = among(1, 4), degree = among(0, 3), first_n = among(-5, 9);
    std::vector<std::vector<long>> c(static_cast<std::size_t>(period), std::vector<long>(static_cast<std::size_t>(degree) + 1));
    for (auto& cls : c) {
      for (auto& x : cls) x = among(-9, 9);
    }
    const long size = 2 * period * (degree + 1) + 4 * period;
    const auto rows = rows_of(first_n, first_n + size - 1, [&](long n) {
      const auto& cls = c[static_cast<std::size_t>(((n % period) + period) % period)];
      long value = 0;
      for (std::size_t k = cls.size(); k-- > 0;) value = value * n + cls[k];
      return value;
    });
    const auto f = only(find_formulas(rows));
    CHECK(f.exceptions.empty());
    CHECK(f.fixed_by <= static_cast<std::size_t>(period * (degree + 1)));
    CHECK(f.fixed_by + f.held_out == rows.size());
    for (const auto& row : rows) CHECK(quasi_polynomial_value(f.classes, f.period, row.n) == row.value);
  }
  // round(n^2 / 12) has period 6 in its constant only; then rows at primes only.
  const auto twelfth = [](long n) { return (n * n + 6) / 12; };
  CHECK(only(find_formulas(rows_of(0, 24, twelfth))).text == "floor((n^2 + 3) / 12)");
  std::vector<fit_row> primes;
  for (const long p : {3L, 5L, 7L, 11L, 13L, 17L, 19L, 23L}) primes.push_back({p, mpz_class(2 * (p / 2) + 5), true});
  CHECK(only(find_formulas(primes)).text == "n + 4");
  CHECK(only(find_formulas(rows_of(1, 9, [](long n) { return n * n * n; }))).text == "n^3");
  CHECK(only(find_formulas(rows_of(1, 9, [](long n) { return 3 * n * n + 1; }))).text == "3 n^2 + 1");
  CHECK(only(find_formulas(rows_of(3, 12, [](long n) { return 2 * (n / 2) + 1; }))).text == "2 floor(n / 2) + 1");
  CHECK(only(find_formulas(rows_of(0, 15, [](long n) { return n % 2 == 0 ? n * n : 3 * n; }))).text == "n even: n^2; n odd: 3 n");
}

TEST_CASE("random numbers are refused, always") {
  std::mt19937_64 random(5);
  for (std::size_t repeat = 0; repeat < tests::repeats(600); ++repeat) {
    const std::size_t size = 6 + repeat % 15;
    const long most = repeat % 3 == 0 ? 30 : repeat % 3 == 1 ? 1000 : 1000000;
    std::vector<long> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(std::uniform_int_distribution<long>(0, most)(random));
    if (repeat % 2 == 0) std::sort(values.begin(), values.end());
    const auto report = find_formulas(rows_from(static_cast<long>(repeat % 7), values));
    INFO(report.text());
    CHECK(report.formulas.empty());
    CHECK(report.sequences.empty());
  }
}

TEST_CASE("random walks pass as rarely as is said") {
  // Random steps of two or three values: as smooth as diameters are. What is accepted is to be at most the share of --max-chance; the
  // bound supposes three values.
  std::mt19937_64 random(17);
  for (const long values_of_steps : {2L, 3L}) {
    std::size_t passed = 0;
    const std::size_t walks = tests::repeats(400);
    for (std::size_t repeat = 0; repeat < walks; ++repeat) {
      const long least = std::uniform_int_distribution<long>(0, 4)(random);
      std::vector<long> values{10};
      while (values.size() < 7 + repeat % 10) values.push_back(values.back() + std::uniform_int_distribution<long>(least, least + values_of_steps - 1)(random));
      passed += !find_formulas(rows_from(3, values)).formulas.empty();
    }
    INFO(passed << " of " << walks << " with steps of " << values_of_steps << " values");
    CHECK(static_cast<double>(passed) <= 0.05 * static_cast<double>(walks));
  }
}

TEST_CASE("a residue that occurs once at the beginning hides no period, and of residues without rows nothing is said") {
  // At primes: 2 alone is even; the others are 1 or 3 modulo 4.
  std::vector<fit_row> primes;
  for (const long p : {2L, 3L, 5L, 7L, 11L, 13L, 17L, 19L, 23L, 29L, 31L, 37L}) primes.push_back({p, mpz_class(p % 4 == 1 ? 3 * p + 1 : p * p), true});
  const auto f = only(find_formulas(primes));
  CHECK(f.text == "n = 1 mod 4: 3 n + 1; n = 3 mod 4: n^2");
  CHECK(f.description == "quasi-polynomial, period 4, degree 2, for n = 1, 3 mod 4 (no rows have other residues)");
  CHECK(f.from == 3);
  REQUIRE(f.next);
  CHECK(f.next->n == 39);
  // A floor over residues 1 and 3 modulo 4 says so; a polynomial at odd n as well.
  std::vector<fit_row> odd, line;
  for (long n = 1; n <= 41; n += 2) odd.push_back({n, mpz_class(n * n + (n + 1) / 4), true});
  CHECK_THAT(only(find_formulas(odd)).text, Catch::EndsWith(" for n = 1, 3 mod 4"));
  for (long n = 3; n <= 23; n += 2) line.push_back({n, mpz_class(2 * n - 1), true});
  const auto l = only(find_formulas(line));
  CHECK(l.description == "polynomial, degree 1, for n = 1 mod 2 (no rows have other residues)");
  CHECK(l.next->n == 25);
}

TEST_CASE("numbers that grow slowly and evenly are no quasi-polynomials") {
  CHECK(find_formulas(rows_of(1, 16, [](long n) { return static_cast<long>(std::floor(static_cast<double>(n) * std::numbers::sqrt2)); })).formulas.empty());
  CHECK(chance_of_even(16, 5, 1) > 0.05);
  CHECK(chance_of_even(9, 2, 1) < 0.05);
  // floor(a n + b) with random a and b. A word of few steps is often that of a simple slope: what may pass has a period of 1 or 2, or is long.
  std::mt19937_64 random(23);
  std::size_t periods = 0;
  const std::size_t lines = tests::repeats(300);
  for (std::size_t repeat = 0; repeat < lines; ++repeat) {
    const double a = std::uniform_real_distribution<double>(0, 3)(random), b = std::uniform_real_distribution<double>(0, 1)(random);
    const long size = 8 + static_cast<long>(repeat % 17);
    for (const auto& f : find_formulas(rows_of(1, size, [&](long n) { return static_cast<long>(std::floor(a * static_cast<double>(n) + b)); })).formulas) periods += f.period > 1;
  }
  INFO(periods << " of " << lines);
  CHECK(static_cast<double>(periods) <= 0.05 * static_cast<double>(lines));
}

TEST_CASE("only exact rows are fitted") {
  auto rows = rows_from(4, lx_from_4);
  rows.push_back({16, 170, false});
  const auto report = find_formulas(rows);
  CHECK(only(report).to == 15);
  CHECK(report.rows_given == 13);
  CHECK(report.rows_used == 12);
  for (auto& row : rows) row.exact = false;
  CHECK(find_formulas(rows).formulas.empty());
  CHECK(find_formulas({}).formulas.empty());
  CHECK_THROWS_AS(find_formulas({{3, 1, true}, {3, 2, true}}), domain_error);
  fit_options strict;
  strict.max_chance = 0.01;
  const auto refused = find_formulas(rows_from(4, first(lx_from_4, 9)), strict);
  CHECK(refused.formulas.empty());
  CHECK_THAT(refused.text(), Catch::Contains("floor(3 n^2 / 4) - 2 n + 3 meets the rows from n = 5, but with 4 points held out"));
}

TEST_CASE("shapes: parameters come back, and shapes are told apart") {
  const auto planted = [](shape_kind kind, const shape_parameters& p) {
    std::vector<double> layers;
    for (int k = 0; k < 300; ++k) layers.push_back(std::max(0.0, 1e12 * (shape_cdf(kind, p, k + 0.5) - shape_cdf(kind, p, k - 0.5))));
    return layers;
  };
  const shape_parameters p{150, 5, 0}, skew{145, 8, -3};
  for (const auto kind : {shape_kind::gaussian, shape_kind::gumbel, shape_kind::reflected_gumbel, shape_kind::skew_normal}) {
    const auto& planted_with = kind == shape_kind::skew_normal ? skew : p;
    const auto report = fit_shapes(planted(kind, planted_with));
    INFO(report.text);
    CHECK(report.best == kind);
    for (const auto& f : report.fits) {
      if (f.kind != kind) {
        CHECK(((f.kolmogorov > 0.01) || (kind == shape_kind::gaussian && f.kind == shape_kind::skew_normal)));
        continue;
      }
      CHECK(f.kolmogorov < 1e-5);
      CHECK(f.chi_square < 1e-6);
      CHECK(f.fitted.location == Approx(planted_with.location).epsilon(1e-5));
      CHECK(f.fitted.scale == Approx(planted_with.scale).epsilon(1e-4));
      CHECK(f.fitted.slant == Approx(planted_with.slant).epsilon(1e-3).margin(1e-6));
      CHECK(f.by_moments.location == Approx(planted_with.location).epsilon(0.01));
      CHECK(f.by_moments.scale == Approx(planted_with.scale).epsilon(0.02));
    }
  }
  // Closed forms: mean mu + gamma beta, variance pi^2 beta^2 / 6 (and 1/12 of the unit steps), skewness 12 sqrt(6) zeta(3) / pi^3.
  const auto gumbel = fit_shapes(planted(shape_kind::gumbel, p));
  CHECK(gumbel.mean == Approx(150 + std::numbers::egamma * 5).epsilon(1e-3));
  CHECK(gumbel.sd * gumbel.sd == Approx(std::numbers::pi * std::numbers::pi * 25 / 6 + 1.0 / 12).epsilon(0.01));
  CHECK(gumbel.skewness == Approx(1.1395).epsilon(0.05));
  CHECK(shape_cdf(shape_kind::skew_normal, {0, 1, 0}, 0.7) == Approx(shape_cdf(shape_kind::gaussian, {0, 1, 0}, 0.7)));
  CHECK(shape_cdf(shape_kind::skew_normal, {0, 1, 1}, 0.7) == Approx(std::pow(shape_cdf(shape_kind::gaussian, {0, 1, 0}, 0.7), 2)));  // the greater of two
  CHECK(shape_cdf(shape_kind::skew_normal, {0, 1, 5}, 0) == Approx(0.5 - std::atan(5.0) / std::numbers::pi));
  CHECK_THROWS_AS(fit_shapes({1, 2, 1}), domain_error);
  CHECK_THROWS_AS(fit_shapes({1, 2, -1, 3, 4}), domain_error);
}

TEST_CASE("known sequences: bundled ones, and the user's stripped.gz") {
  const auto run = [](const std::vector<long>& values) { return std::vector<mpz_class>(values.begin(), values.end()); };
  const auto numbers = [](const std::vector<known_sequence>& found) {
    std::vector<std::string> out;
    for (const auto& s : found) out.push_back(s.number);
    return out;
  };
  CHECK(numbers(bundled_sequences(run({6, 10, 15, 21, 28, 36, 45}))) == std::vector<std::string>{"A000217", "A186783"});
  CHECK(numbers(bundled_sequences(run({7, 8, 9, 10, 11, 13}))) == std::vector<std::string>{"A058986"});
  CHECK(bundled_sequences(run({7, 8, 9, 10, 11})).empty());
  CHECK(bundled_sequences(run({0, 1, 5, 7, 8, 9, 10, 12})).empty());
  const tests::scratch_folder folder;
  folder.write("stripped", "# OEIS\nA000045 ,0,1,1,2,3,5,8,13,21,34,\nA039745 ,0,1,2,6,11,18,25,35,45,58,71,87,\nA999999 ,118,25,35,45,58,71,8,7,\n");
  REQUIRE(tests::shell("gzip -k stripped", folder).code == 0);
#ifdef COSETTA_HAVE_ZLIB
  const std::vector<const char*> names{"stripped", "stripped.gz"};
#else
  const std::vector<const char*> names{"stripped"};
  CHECK_THROWS_WITH(sequences_in_file((folder.path() / "stripped.gz").string(), run({1, 2, 3, 4, 5, 6})), Catch::Contains("gunzip"));
#endif
  for (const char* name : names) {
    const auto found = sequences_in_file((folder.path() / name).string(), run({18, 25, 35, 45, 58, 71, 87, 103}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].number == "A039745");
    CHECK(found[0].at == 5);
    CHECK(found[0].terms == 7);  // as far as the file goes
  }
  folder.write("bad", "A000045 ,0,1,\nnonsense\n");
  CHECK_THROWS_WITH(sequences_in_file((folder.path() / "bad").string(), run({1, 2, 3, 4, 5, 6})), Catch::Contains("bad:2: expected a line like"));
  folder.write("cut.gz", tests::slurp(folder.path() / "stripped.gz").substr(0, 60));
  CHECK_THROWS_AS(sequences_in_file((folder.path() / "cut.gz").string(), run({1, 2, 3, 4, 5, 6})), error);
  CHECK_THROWS_AS(sequences_in_file((folder.path() / "absent").string(), run({1, 2, 3, 4, 5, 6})), parse_error);
}

TEST_CASE("the verb fit", "[program]") {
  using nlohmann::json;
  const tests::scratch_folder folder;
  tests::add_example_files(folder);
  const auto got = tests::shell("cosetta fit lx.csv --json", folder);
  INFO(got.err);
  REQUIRE(got.code == 0);
  const auto d = json::parse(got.out);
  CHECK(d["schema"] == "cosetta.fit/1");
  CHECK(d["result"]["status"] == "found");
  const auto& f = d["result"]["formulas"][0];
  CHECK(f["text"] == "floor(3 n^2 / 4) - 2 n + 3");
  CHECK(f["from"] == 5);
  CHECK(f["classes"][0]["coefficients"] == json({"3", "-2", "3/4"}));
  CHECK(f["next"]["value"] == "103");
  CHECK(f["exceptions"] == json::parse(R"([{"n": 4, "value": "6"}])"));
  CHECK(d["result"]["sequences"][0]["number"] == "A039745");
  folder.write("b.txt", "# b-file\n\n1 0\n2 1\n3 3\n4 4\n5 5\n6 7\n7 8\n8 9\n9 10\n10 >=11\n");
  const auto refused = tests::shell("cosetta fit b.txt", folder);
  CHECK(refused.code == 1);
  CHECK_THAT(refused.out, Catch::StartsWith("9 exact rows, n = 1 .. 9; 1 not exact, not fitted\nno formula found"));
  CHECK(tests::shell("cosetta fit lx.csv --format csv", folder).out.find("kind,formula,from,to,fixed_by,held_out,chance\nquasi-polynomial,floor(3 n^2 / 4) - 2 n + 3,5,12,4,4,0.0") == 0);
  const auto shape = json::parse(tests::shell("cosetta growth lrx:10 --format csv | cosetta fit - --shape --json", folder).out);
  CHECK(shape["result"]["shape"]["nearest"] == "skew-normal");
  CHECK(shape["result"]["shape"]["shapes"][1]["shape"] == "reflected Gumbel");
  CHECK(shape["result"]["shape"]["shapes"][1]["kolmogorov"].get<double>() == Approx(0.0282).margin(1e-3));
  CHECK(shape["result"]["shape"]["shapes"][3]["shape"] == "Gumbel");
  folder.write("twice.csv", "1,2\n2,3\n1,4\n");
  folder.write("word.csv", "n,d\n1,2\nx,3\n");
  folder.write("half.csv", "1,2\n2,1.5\n");
  folder.write("short.csv", "1\n");
  folder.write("empty.csv", "");
  for (const auto& [words, message] : std::vector<std::pair<const char*, const char*>>{{"twice.csv", "twice.csv:3: n = 1 occurs a second time"},
                                                                                       {"word.csv", "word.csv:3: 'x' is no integer n"},
                                                                                       {"half.csv", "half.csv:2: '1.5' is no integer value"},
                                                                                       {"short.csv", "short.csv:1: there is no value after n = 1"},
                                                                                       {"empty.csv", "empty.csv: there are no rows"},
                                                                                       {"absent.csv", "absent.csv: no such file"},
                                                                                       {"lx.csv --max-period 1000", "--max-period 1000: at most 30"},
                                                                                       {"lx.csv --max-chance 2", "--max-chance"},
                                                                                       {"lx.csv --oeis absent.gz", "absent.gz: no such file"},
                                                                                       {"twice.csv --shape", "twice.csv:3"}}) {
    INFO(words);
    const auto bad = tests::shell(std::string("cosetta fit ") + words, folder);
    CHECK(bad.code == 2);
    CHECK(bad.out.empty());
    CHECK_THAT(bad.err, Catch::StartsWith("cosetta: ") && Catch::Contains(message));
  }
}

TEST_CASE("formulas of what a store holds: each family by itself, exact rows only", "[program]") {
  const tests::scratch_folder folder;
  folder.write("f.json", R"({"name": "f", "graphs": [{"family": "lrx:{n}", "n": [4, 10]}, {"family": "cyclic_coxeter:{n}", "n": [2, 10]}, {"family": "heisenberg:3,modulo={m}", "m": [8, 20]},
                                                     {"family": "top_spin:{n},k={k}", "n": [5, 8], "k": [3, 4]}]})");
  REQUIRE(tests::shell("cosetta conjecture sweep f.json --db r.db --quiet", folder).code == 0);
  const auto got = tests::shell("cosetta conjecture fit f diameter --db r.db", folder);
  CHECK(got.code == 0);
  for (const char* part : {"diameter of lrx:{n}, along n", "n (n - 1) / 2", "diameter of cyclic_coxeter:{n}, along n", "floor(n^2 / 4)", "diameter of heisenberg:3,modulo={m}, along m", "2 floor(n / 2)",
                           "diameter of top_spin:{n},k={k}, k = 3, along n", "diameter of top_spin:{n},k={k}, k = 4, along n"}) {
    INFO(part << "\n" << got.out);
    CHECK(got.out.find(part) != std::string::npos);
  }
  CHECK(tests::shell("cosetta conjecture fit f diameter --db r.db --json", folder).out.find("\"cosetta.fit/1\"") != std::string::npos);
  // Different templates are different tables, and one that is closed under inversion is another.
  folder.write("m.json", R"({"name": "m", "graphs": [{"family": "top_spin:{n},k=3", "n": [5, 8]}, {"family": "top_spin:{n},k=4", "n": [5, 9]}, {"family": "lx:{n}", "n": [4, 9]},
                                                     {"family": "lx:{n}", "n": [4, 9], "inverse_closed": true}]})");
  REQUIRE(tests::shell("cosetta conjecture sweep m.json --db r.db --quiet", folder).code == 0);
  const auto table = tests::shell("cosetta conjecture fit m diameter --db r.db --format csv", folder).out;
  INFO(table);
  for (const char* part : {"rows,along,measure,kind", "\"top_spin:{n},k=3\",n,diameter,refused", "\"top_spin:{n},k=4\",n,diameter,", "\nlx:{n},n,diameter,", "\nlx:{n} inverse-closed,n,diameter,"}) {
    INFO(part);
    CHECK(table.find(part) != std::string::npos);
  }
  const auto none = tests::shell("cosetta conjecture fit g diameter --db r.db", folder);
  CHECK(none.code == 2);
  CHECK(none.err.find("no sweep 'g'; there are f") != std::string::npos);
  CHECK(tests::shell("cosetta conjecture fit f girth --db r.db", folder).code == 2);
  CHECK(tests::shell("cosetta conjecture fit f breadth --db r.db", folder).code == 2);
  CHECK(tests::shell("cosetta conjecture fit f diameter --db none.db", folder).code == 2);
}

}  // namespace
}  // namespace fit_test
}  // namespace cosetta::conjecture
