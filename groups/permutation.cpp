#include <groups/permutation.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

constexpr std::uint32_t width_for(std::size_t degree) {
  return degree <= 256 ? 1 : degree <= 65536 ? 2 : 4;
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 40;
  return text.size() <= longest ? std::string(text) : std::string(text.substr(0, longest)) + "...";
}

/// Reads an unsigned number at the front of `text`, or nothing.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

void skip_space(std::string_view& text) {
  while (!text.empty() && (std::isspace(static_cast<unsigned char>(text.front())) != 0)) text.remove_prefix(1);
}

/// Points up to the closing bracket `close` (0: up to the end), apart by commas or blanks, in zero-based counting.
std::vector<point> take_points(std::string_view& text, char close, point first_point, std::string_view whole) {
  std::vector<point> points;
  for (;;) {
    skip_space(text);
    if (text.empty()) {
      if (close == 0) return points;
      throw parse_error(fmt::format("permutation '{}': '{}' is missing", shown(whole), close));
    }
    if (close != 0 && text.front() == close) {
      text.remove_prefix(1);
      return points;
    }
    if (text.front() == ',' && !points.empty()) {
      text.remove_prefix(1);
      skip_space(text);
    }
    const std::string_view rest = text;
    const auto value = take_number(text);
    if (!value) throw parse_error(fmt::format("permutation '{}': expected a point at '{}'", shown(whole), shown(rest)));
    if (*value < first_point || *value - first_point >= max_degree) {
      throw domain_error(fmt::format("permutation '{}': point {} is outside {}..{}", shown(whole), *value, first_point,
                                     max_degree - 1 + first_point));
    }
    points.push_back(static_cast<point>(*value - first_point));
  }
}

}  // namespace

permutation::permutation(std::size_t degree) : degree_(static_cast<std::uint32_t>(degree)), width_(width_for(degree)) {
  std::iota(small_.begin(), small_.end(), std::uint8_t{0});
  if (degree > kernels::small_degree) {
    large_.resize(degree * width_);
    for (std::size_t i = 0; i < degree; ++i) set(i, static_cast<point>(i));
  }
}

permutation::permutation(std::span<const point> images)
    : degree_(static_cast<std::uint32_t>(images.size())), width_(width_for(images.size())) {
  std::iota(small_.begin(), small_.end(), std::uint8_t{0});
  if (degree_ > kernels::small_degree) large_.resize(images.size() * width_);
  for (std::size_t i = 0; i < images.size(); ++i) set(i, images[i]);
}

permutation permutation::from_image_bytes(const void* images, std::size_t degree) {
  permutation p;
  p.degree_ = static_cast<std::uint32_t>(degree);
  p.width_ = width_for(degree);
  if (degree <= kernels::small_degree) {
    std::memcpy(p.small_.data(), images, degree);
  } else {
    p.large_.resize(degree * p.width_);
    std::memcpy(p.large_.data(), images, p.large_.size());
  }
  return p;
}

void permutation::set(std::size_t i, point image) noexcept {
  if (degree_ <= kernels::small_degree) {
    small_[i] = static_cast<std::uint8_t>(image);
  } else {
    std::memcpy(large_.data() + i * width_, &image, width_);  // little-endian
  }
}

std::vector<point> permutation::images() const {
  std::vector<point> out(degree_);
  for (std::size_t i = 0; i < degree_; ++i) out[i] = (*this)[i];
  return out;
}

permutation permutation::operator*(const permutation& then) const {
  permutation product;
  product.degree_ = degree_;
  product.width_ = width_;
  if (degree_ <= kernels::small_degree) {
    kernels::compose_bytes(small_.data(), then.small_.data(), product.small_.data());
    return product;
  }
  product.large_.resize(large_.size());
  for (std::size_t i = 0; i < degree_; ++i) product.set(i, then[(*this)[i]]);
  return product;
}

permutation permutation::inverse() const {
  permutation out(*this);
  for (std::size_t i = 0; i < degree_; ++i) out.set((*this)[i], static_cast<point>(i));
  return out;
}

permutation permutation::pow(const mpz_class& exponent) const {
  permutation out(degree_);
  for (const auto& cycle : groups::cycles(*this)) {
    const auto shift = mpz_fdiv_ui(exponent.get_mpz_t(), cycle.size());
    for (std::size_t j = 0; j < cycle.size(); ++j) out.set(cycle[j], cycle[(j + shift) % cycle.size()]);
  }
  return out;
}

bool permutation::is_identity() const noexcept {
  for (std::size_t i = 0; i < degree_; ++i) {
    if ((*this)[i] != i) return false;
  }
  return true;
}

bool permutation::operator==(const permutation& other) const noexcept {
  return degree_ == other.degree_ && small_ == other.small_ && large_ == other.large_;
}

std::strong_ordering permutation::operator<=>(const permutation& other) const noexcept {
  if (const auto order = degree_ <=> other.degree_; order != 0) return order;
  for (std::size_t i = 0; i < degree_; ++i) {
    if (const auto order = (*this)[i] <=> other[i]; order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::size_t permutation::hash() const noexcept {
  const auto* bytes = reinterpret_cast<const char*>(large_.empty() ? small_.data() : large_.data());
  const std::size_t length = large_.empty() ? degree_ : large_.size();
  return std::hash<std::string_view>{}({bytes, length}) ^ degree_;
}

permutation make_permutation(std::span<const point> images) {
  if (images.size() > max_degree) {
    throw domain_error(fmt::format("degree {} is above the limit of {}", images.size(), max_degree));
  }
  std::vector<point> position(images.size(), static_cast<point>(images.size()));
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i] >= images.size()) {
      throw domain_error(
          fmt::format("not a permutation of {} points: the image of {} is {}", images.size(), i, images[i]));
    }
    auto& seen = position[images[i]];
    if (seen != images.size()) {
      throw domain_error(fmt::format("not a permutation: {} and {} both go to {}", seen, i, images[i]));
    }
    seen = static_cast<point>(i);
  }
  return permutation(images);
}

permutation make_permutation_from_cycles(std::span<const std::vector<point>> cycles, std::size_t degree) {
  std::vector<point> images(degree);
  std::iota(images.begin(), images.end(), point{0});
  std::vector<point> source = images;              // source[images[i]] == i
  std::vector<std::size_t> last_cycle(degree, 0);  // the latest cycle, counted from 1, that held the point
  std::size_t number = 0;
  for (const auto& cycle : cycles) {
    ++number;
    for (const point p : cycle) {
      if (p >= degree) throw domain_error(fmt::format("cycle point {} does not fit degree {}", p, degree));
      if (last_cycle[p] == number) throw domain_error(fmt::format("point {} occurs twice in one cycle", p));
      last_cycle[p] = number;
    }
    // images := images * cycle: whatever goes to cycle[j] goes on to cycle[j + 1].
    std::vector<point> from(cycle.size());
    for (std::size_t j = 0; j < cycle.size(); ++j) from[j] = source[cycle[j]];
    for (std::size_t j = 0; j < cycle.size(); ++j) {
      const point to = cycle[(j + 1) % cycle.size()];
      images[from[j]] = to;
      source[to] = from[j];
    }
  }
  return permutation(images);
}

permutation transposition(std::size_t degree, point i, point j) {
  const std::vector<point> cycle{i, j};
  return make_permutation_from_cycles(std::span(&cycle, 1), degree);
}

permutation parse_permutation(std::string_view text, std::optional<std::size_t> degree, point first_point) {
  const std::string_view whole = text;
  if (degree && *degree > max_degree)
    throw domain_error(fmt::format("degree {} is above the limit of {}", *degree, max_degree));
  skip_space(text);
  if (text.empty()) throw parse_error("an empty permutation: write [1,0,2] or (0 1)");
  if (text.front() != '(') {
    const bool bracket = text.front() == '[';
    if (bracket) text.remove_prefix(1);
    const auto images = take_points(text, bracket ? ']' : '\0', first_point, whole);
    skip_space(text);
    if (!text.empty()) {
      throw parse_error(fmt::format("permutation '{}': unexpected '{}'", shown(whole), shown(text)));
    }
    if (degree && images.size() != *degree) {
      throw domain_error(
          fmt::format("permutation '{}' has {} points, expected {}", shown(whole), images.size(), *degree));
    }
    return make_permutation(images);
  }
  std::vector<std::vector<point>> found;
  std::size_t least = 0;
  while (!text.empty()) {
    if (text.front() != '(') {
      throw parse_error(fmt::format("permutation '{}': expected '(' at '{}'", shown(whole), shown(text)));
    }
    text.remove_prefix(1);
    found.push_back(take_points(text, ')', first_point, whole));
    for (const point p : found.back()) least = std::max<std::size_t>(least, p + 1U);
    skip_space(text);
  }
  return make_permutation_from_cycles(found, degree.value_or(least));
}

std::string to_one_line(const permutation& p, point first_point) {
  std::string out = "[";
  for (std::size_t i = 0; i < p.degree(); ++i) {
    fmt::format_to(std::back_inserter(out), "{}{}", i == 0 ? "" : ",", p[i] + first_point);
  }
  return out + "]";
}

std::string to_cycles(const permutation& p, point first_point, char separator) {
  std::string out;
  for (const auto& cycle : cycles(p)) {
    for (std::size_t j = 0; j < cycle.size(); ++j) {
      fmt::format_to(std::back_inserter(out), "{}{}", j == 0 ? '(' : separator, cycle[j] + first_point);
    }
    out += ')';
  }
  return out.empty() ? "()" : out;
}

std::vector<std::vector<point>> cycles(const permutation& p) {
  std::vector<std::vector<point>> out;
  std::vector<bool> seen(p.degree());
  for (std::size_t i = 0; i < p.degree(); ++i) {
    if (seen[i] || p[i] == i) continue;
    auto& cycle = out.emplace_back();
    for (auto j = static_cast<point>(i); !seen[j]; j = p[j]) {
      seen[j] = true;
      cycle.push_back(j);
    }
  }
  return out;
}

std::vector<std::size_t> cycle_type(const permutation& p) {
  std::vector<std::size_t> lengths;
  std::size_t moved = 0;
  for (const auto& cycle : cycles(p)) {
    lengths.push_back(cycle.size());
    moved += cycle.size();
  }
  std::sort(lengths.begin(), lengths.end(), std::greater{});
  lengths.resize(lengths.size() + p.degree() - moved, 1);
  return lengths;
}

int sign(const permutation& p) {
  std::size_t transpositions = 0;
  for (const auto& cycle : cycles(p)) transpositions += cycle.size() - 1;
  return transpositions % 2 == 0 ? 1 : -1;
}

mpz_class order(const permutation& p) {
  mpz_class result = 1;
  for (const auto& cycle : cycles(p)) mpz_lcm_ui(result.get_mpz_t(), result.get_mpz_t(), cycle.size());
  return result;
}

permutation commutator(const permutation& a, const permutation& b) {
  return (b * a).inverse() * (a * b);
}

permutation beside(const permutation& a, const permutation& b) {
  std::vector<point> images = a.images();
  for (std::size_t i = 0; i < b.degree(); ++i) images.push_back(static_cast<point>(a.degree()) + b[i]);
  return permutation(images);
}

}  // namespace cosetta::groups
