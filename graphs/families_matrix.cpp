// Section 2 of the catalogue: generating sets of matrix groups over Z/m, and over Z where no modulus is given.
#include <graphs/catalogue_sections.hpp>
#include <kernels/error.hpp>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

using groups::matrix;

constexpr std::int64_t max_dimension = 64;

/// I + c E_{row, column}
matrix elementary(std::int64_t n, std::int64_t modulus, std::int64_t row, std::int64_t column, std::int64_t c) {
  std::vector<std::int64_t> entries(static_cast<std::size_t>(n * n), 0);
  for (std::int64_t i = 0; i < n; ++i) entries[static_cast<std::size_t>(i * n + i)] = 1;
  entries[static_cast<std::size_t>(row * n + column)] += c;
  return groups::make_matrix(static_cast<std::size_t>(n), static_cast<std::size_t>(n),
                             static_cast<std::uint64_t>(modulus), entries);
}

void check_shape(const arguments& a, std::int64_t n, std::int64_t modulus) {
  a.require(n <= max_dimension, fmt::format("n is above the limit of {}", max_dimension));
  a.require(modulus != 1, "modulo 1 is the trivial ring; 0 means no modulus");
}

void build_heisenberg(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  const auto m = a.integer(1);
  check_shape(a, n, m);
  std::vector<std::pair<std::string, std::pair<std::int64_t, std::int64_t>>> roots;
  const auto name = [n](char letter, std::int64_t i) {
    return n == 3 ? std::string(1, letter) : fmt::format("{}{}", letter, i);
  };
  for (std::int64_t i = 1; i <= n - 2; ++i) roots.push_back({name('x', i), {0, i}});
  for (std::int64_t i = 1; i <= n - 2; ++i) roots.push_back({name('y', i), {i, n - 1}});
  for (const auto& [root, at] : roots) out.add(root, elementary(n, m, at.first, at.second, 1));
  if (!a.flag(2) || m == 2) return;  // modulo 2 they are involutions
  for (const auto& [root, at] : roots) out.add(root + "'", elementary(n, m, at.first, at.second, -1));
}

void build_unitriangular(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  const auto m = a.integer(1);
  check_shape(a, n, m);
  for (std::int64_t k = 0; k + 1 < n; ++k) {
    out.add(fmt::format("e{}", k + 1), elementary(n, m, k, k + 1, 1));
    if (m != 2) out.add(fmt::format("e{}'", k + 1), elementary(n, m, k, k + 1, -1));  // modulo 2 they are involutions
  }
}

void build_fundamental_roots(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  const auto m = a.integer(1);
  check_shape(a, n, m);
  for (std::int64_t k = 0; k + 1 < n; ++k) {
    for (const auto& [letter, row, column] : {std::tuple{'e', k, k + 1}, std::tuple{'f', k + 1, k}}) {
      out.add(fmt::format("{}{}", letter, k + 1), elementary(n, m, row, column, 1));
      out.add(fmt::format("{}{}'", letter, k + 1), elementary(n, m, row, column, -1));
    }
  }
}

void build_root_weyl(const arguments& a, graph_builder& out) {
  const auto n = a.integer(0);
  const auto m = a.integer(1);
  check_shape(a, n, m);
  std::vector<std::int64_t> weyl(static_cast<std::size_t>(n * n), 0);
  for (std::int64_t i = 0; i + 1 < n; ++i) weyl[static_cast<std::size_t>(i * n + i + 1)] = 1;
  weyl[static_cast<std::size_t>((n - 1) * n)] = n % 2 == 1 ? 1 : -1;
  const auto size = static_cast<std::size_t>(n);
  const matrix w = groups::make_matrix(size, size, static_cast<std::uint64_t>(m), weyl);
  out.add("e", elementary(n, m, 0, 1, 1));
  out.add("e'", elementary(n, m, 0, 1, -1));
  out.add("w", w);
  out.add("w'", w.inverse());
}

mpz_class power(std::int64_t base, std::int64_t exponent) {
  mpz_class value;
  mpz_ui_pow_ui(value.get_mpz_t(), static_cast<unsigned long>(base), static_cast<unsigned long>(exponent));
  return value;
}

/// |SL(n, Z/m)| = product over primes p^k || m of p^((k-1)(n^2-1)) * |SL(n, p)|.
known_facts special_linear_order(const arguments& a) {
  const auto n = a.integer(0);
  auto m = a.integer(1);
  if (m < 2 || m > 1'000'000'000) return {};
  mpz_class order = 1;
  for (std::int64_t p = 2; m > 1; ++p) {
    if (p * p > m) p = m;
    std::int64_t k = 0;
    for (; m % p == 0; m /= p) ++k;
    if (k == 0) continue;
    order *= power(p, (k - 1) * (n * n - 1)) * power(p, n * (n - 1) / 2);
    for (std::int64_t i = 2; i <= n; ++i) order *= power(p, i) - 1;
  }
  return {order, {}};
}

}  // namespace

std::vector<family> matrix_families() {
  const auto modulus = [](std::int64_t fallback) {
    return unlimited(
        optional_integer("modulo", fallback, 0, "modulus m < 2^63; 0: over Z, an infinite group (needs --max-depth)"));
  };
  std::vector<family> f;
  f.push_back(
      {"heisenberg",
       section::matrices,
       {optional_integer("n", 3, 3, "dimension"), modulus(0), optional_flag("add_inverses", true, "append inverses")},
       "x_i = I + E_{0,i} for i = 1..n-2, then y_i = I + E_{i,n-1}, then their inverses with a prime.",
       "Heisenberg group of order m^(2n-3)",
       "4(n-2), 2(n-2) for m = 2; `x`, `y` for n = 3, else `x1`, ..., `y1`, ...",
       "",
       {},
       "heisenberg:3,modulo=5",
       build_heisenberg,
       [](const arguments& a) {
         if (a.integer(1) < 2) return known_facts{};
         return known_facts{power(a.integer(1), 2 * a.integer(0) - 3), {}};
       }});
  f.push_back({"unitriangular",
               section::matrices,
               {required_integer("n", 2, "dimension"), modulus(0)},
               "For k = 0..n-2: e = I + E_{k,k+1} and its inverse.",
               "upper unitriangular matrices, of order m^(n(n-1)/2)",
               "2(n-1), n-1 for m = 2; `e1`, `e1'`, ...",
               "",
               {},
               "unitriangular:4,modulo=3",
               build_unitriangular,
               [](const arguments& a) {
                 if (a.integer(1) < 2) return known_facts{};
                 return known_facts{power(a.integer(1), a.integer(0) * (a.integer(0) - 1) / 2), {}};
               }});
  f.push_back({"special_linear_fundamental_roots",
               section::matrices,
               {required_integer("n", 2, "dimension"), modulus(0)},
               "For k = 0..n-2: e = I + E_{k,k+1}, its inverse, f = I + E_{k+1,k}, its inverse.",
               "SL(n, Z/m)",
               "4(n-1), `e1`, `e1'`, `f1`, `f1'`, ...",
               "",
               {"sl_fund_roots"},
               "special_linear_fundamental_roots:2,modulo=7",
               build_fundamental_roots,
               special_linear_order});
  f.push_back({"special_linear_root_weyl",
               section::matrices,
               {required_integer("n", 2, "dimension"), modulus(0)},
               "e = I + E_{0,1}, its inverse, w with w[i][i+1] = 1 and w[n-1][0] = (-1)^(n-1), its inverse.",
               "SL(n, Z/m)",
               "4, `e`, `e'`, `w`, `w'`",
               "",
               {"sl_root_weyl"},
               "special_linear_root_weyl:2,modulo=7",
               build_root_weyl,
               special_linear_order});
  return f;
}

}  // namespace cosetta::graphs
