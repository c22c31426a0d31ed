#include <groups/giant.hpp>
#include <groups/image_domain.hpp>
#include <groups/integers.hpp>
#include <groups/orbit.hpp>
#include <groups/product_replacement.hpp>

#include <algorithm>
#include <bit>
#include <numeric>

namespace cosetta::groups {

bool has_giant_cycle(std::span<const std::size_t> cycle_lengths, std::size_t degree) {
  return std::any_of(cycle_lengths.begin(), cycle_lengths.end(),
                     [degree](std::size_t p) { return 2 * p > degree && p + 2 < degree && is_prime(p); });
}

namespace {

constexpr std::size_t smallest_giant = 8;

template <class Image>
bool shows_giant(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed, const group_control& control) {
  const image_domain<Image> domain(degree);
  row_pool<Image> rows(domain.row_size());
  std::vector<const Image*> given;
  for (const auto& g : generators) {
    auto* row = rows.allocate();
    domain.set_identity(row);
    std::copy_n(reinterpret_cast<const Image*>(g.image_bytes()), degree, row);
    given.push_back(row);
  }
  product_replacement<image_domain<Image>> source(domain, given, seed);
  std::vector<bool> seen(degree);
  const int tries = 10 * static_cast<int>(std::bit_width(degree));
  for (int t = 0; t < tries; ++t) {
    if (degree >= 4096 || t % 64 == 0) control.check();
    const Image* x = source.next();
    seen.assign(degree, false);
    // A cycle longer than n/2 that is not found in the first half of the points does not exist.
    for (std::size_t start = 0, open = degree; 2 * open > degree && start < degree; ++start) {
      std::size_t length = 0;
      for (std::size_t p = start; !seen[p]; p = x[p]) seen[p] = true, ++length;
      if (length == 0) continue;
      open -= length;
      if (has_giant_cycle(std::span<const std::size_t>(&length, 1), degree)) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<giant_structure> find_giant(std::span<const permutation> generators, std::size_t degree, std::uint64_t seed, const group_control& control) {
  giant_structure giant;
  for (const auto& o : orbits(generators, degree)) {
    if (o.size() == 1) continue;
    if (!giant.points.empty()) return std::nullopt;
    giant.points = o;
  }
  const std::size_t n = giant.points.size();
  if (n < smallest_giant) return std::nullopt;
  std::vector<permutation> restricted;
  if (n != degree) {
    restricted = restrict_to(generators, giant.points);
    generators = restricted;
  }
  const bool found = n <= 256     ? shows_giant<std::uint8_t>(generators, n, seed, control)
                     : n <= 65536 ? shows_giant<std::uint16_t>(generators, n, seed, control)
                                  : shows_giant<std::uint32_t>(generators, n, seed, control);
  if (!found) return std::nullopt;
  giant.alternating = std::all_of(generators.begin(), generators.end(), [](const permutation& g) { return sign(g) == 1; });
  return giant;
}

mpz_class giant_structure::order() const {
  mpz_class factorial;
  mpz_fac_ui(factorial.get_mpz_t(), points.size());
  return alternating ? mpz_class(factorial / 2) : factorial;
}

bool giant_structure::contains(const permutation& g) const {
  std::size_t next = 0;
  for (point p = 0; p < g.degree(); ++p) {
    if (next < points.size() && points[next] == p) {
      ++next;
    } else if (g[p] != p) {
      return false;
    }
  }
  return !alternating || sign(g) == 1;
}

std::vector<std::uint32_t> giant_structure::radices() const {
  std::vector<std::uint32_t> out;
  for (auto n = static_cast<std::uint32_t>(points.size()); n >= (alternating ? 3U : 2U); --n) out.push_back(n);
  return out;
}

std::vector<std::uint32_t> giant_structure::digits(const permutation& g) const {
  const auto n = static_cast<std::uint32_t>(points.size());
  std::vector<std::uint32_t> number(g.degree(), 0), p(n), where(n), out;
  for (std::uint32_t i = 0; i < n; ++i) number[points[i]] = i;
  for (std::uint32_t i = 0; i < n; ++i) p[i] = number[g[points[i]]], where[p[i]] = i;
  for (std::uint32_t i = n - 1; i >= (alternating ? 2U : 1U); --i) {
    const auto d = p[i];
    out.push_back(i - d);
    std::swap(p[i], p[where[i]]);
    std::swap(where[d], where[i]);
  }
  return out;
}

permutation giant_structure::element(std::span<const std::uint32_t> digits, std::size_t degree) const {
  std::vector<point> images(degree);
  std::iota(images.begin(), images.end(), point{0});
  bool odd = false;
  // Position i of the list of points trades places with position d: images of points, as in digits().
  auto i = static_cast<std::uint32_t>(points.size());
  for (const auto digit : digits) {
    --i;
    std::swap(images[points[i]], images[points[i - digit]]);
    odd ^= digit != 0;
  }
  if (alternating && odd) std::swap(images[points[1]], images[points[0]]);
  return permutation(images);
}

mpz_class exponent(const giant_structure& giant) {
  const auto n = giant.points.size();
  mpz_class out = 1;
  for (unsigned long p = 2; p <= n; ++p) {
    if (!is_prime(p)) continue;
    const auto room = giant.alternating && p == 2 ? n - 2 : n;
    for (auto power = p; power <= room; power *= p) out *= p;
  }
  return out;
}

}  // namespace cosetta::groups
