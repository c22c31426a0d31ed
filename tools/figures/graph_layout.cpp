#include <tools/figures/graph_layout.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

namespace cosetta::figures {

namespace {

using edge_list = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
using std::numbers::pi;

constexpr double between_circles = 1.3;  // in units of the distance of neighbours on a circle
constexpr double near = 0.3;             // an edge this near to a vertex seems to end there
constexpr double covered_cost = 3, length_cost = 0.03;  // in crossings
constexpr double closeness_cost = 0.25;  // over the square of the distance of two vertices: they spread over their circles

double side(const point& a, const point& b, const point& c) noexcept { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

bool are_apart(double a, double b, double c, double d, double by = 0) noexcept { return std::max(a, b) + by < std::min(c, d) || std::max(c, d) + by < std::min(a, b); }

bool cross(const point& a, const point& b, const point& c, const point& d) noexcept {
  if (are_apart(a.x, b.x, c.x, d.x) || are_apart(a.y, b.y, c.y, d.y)) return false;
  constexpr double least = 1e-9;
  const double p = side(a, b, c), q = side(a, b, d), r = side(c, d, a), s = side(c, d, b);
  return ((p > least && q < -least) || (p < -least && q > least)) && ((r > least && s < -least) || (r < -least && s > least));
}

/// Whether the edge from a to b seems to end at p.
bool covers(const point& p, const point& a, const point& b) noexcept { return !are_apart(p.x, p.x, a.x, b.x, near) && !are_apart(p.y, p.y, a.y, b.y, near) && segment_distance(p, a, b) < near; }

double closeness(const point& a, const point& b) noexcept { return closeness_cost / ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)); }

struct quality {
  std::size_t crossings = 0, covered = 0;  // covered: edges over vertices that are not their ends
  double length = 0, closeness = 0;

  double cost() const noexcept { return static_cast<double>(crossings) + covered_cost * static_cast<double>(covered) + length_cost * length + closeness; }
};

class arrangement {
 public:
  arrangement(const std::vector<std::uint32_t>& circle, const edge_list& edges, std::vector<double> radii)
      : edges_(edges), radii_(std::move(radii)), orders_(radii_.size()), phases_(radii_.size()), angles_(circle.size()), circle_(circle), neighbours_(circle.size()) {
    for (std::uint32_t v = 0; v < circle.size(); ++v) orders_[circle[v]].push_back(v);
    for (std::uint32_t e = 0; e < edges_.size(); ++e) {
      neighbours_[edges_[e].first].push_back(edges_[e].second);
      neighbours_[edges_[e].second].push_back(edges_[e].first);
    }
    for (std::size_t c = 0; c < orders_.size(); ++c) place(c);
  }

  void shuffle(std::mt19937& random) {
    for (std::size_t c = 0; c < orders_.size(); ++c) {
      for (std::size_t i = orders_[c].size(); i > 1; --i) std::swap(orders_[c][i - 1], orders_[c][random() % i]);  // std::shuffle differs between libraries
      place(c);
    }
  }

  /// Sorts each circle by the barycentres of the neighbours on the circles that `counts` accepts, and turns it towards them.
  template <class Counts>
  void sort_circle(std::size_t c, const Counts& counts) {
    std::vector<std::pair<double, std::uint32_t>> keys;
    for (const auto v : orders_[c]) keys.emplace_back(barycentre(v, counts), v);
    std::stable_sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first < b.first - 1e-9; });
    double sine = 0, cosine = 0;
    const double step = 2 * pi / static_cast<double>(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      orders_[c][i] = keys[i].second;
      const double turn = keys[i].first - step * static_cast<double>(i);
      sine += std::sin(turn), cosine += std::cos(turn);
    }
    if (std::hypot(sine, cosine) > 1e-6) phases_[c] = std::atan2(sine, cosine);
    place(c);
  }

  void pass_outwards() {
    for (std::size_t c = 1; c < orders_.size(); ++c) sort_circle(c, [&](std::size_t other) { return other < c; });
  }
  void pass_inwards() {
    for (std::size_t c = orders_.size() - 1; c-- > 1;) sort_circle(c, [&](std::size_t other) { return other > c; });
  }
  void pass_all() {
    for (std::size_t c = 1; c < orders_.size(); ++c) sort_circle(c, [](std::size_t) { return true; });
  }

  /// Exchanges two vertices of a circle where that shortens the edges; whether anything changed.
  bool shorten() {
    bool changed = false;
    for (const auto& order : orders_) {
      for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size(); ++j) {
          const auto a = order[i], b = order[j];
          const double before = length_at(a) + length_at(b);
          exchange(a, b);
          if (length_at(a) + length_at(b) < before - 1e-9) changed = true;
          else exchange(a, b);
        }
        // The order itself is set right at the end: places are what counts here.
      }
    }
    for (auto& order : orders_) std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return angles_[a] < angles_[b]; });
    return changed;
  }

  /// The same by crossings, and each vertex to the place on its circle where they are fewest; whether anything changed.
  bool improve() {
    bool changed = false;
    for (const auto& order : orders_) {
      for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size(); ++j) {
          const auto a = order[i], b = order[j];
          const double before = cost_at(a) + cost_at(b);
          exchange(a, b);
          if (cost_at(a) + cost_at(b) < before - 1e-6) changed = true;
          else exchange(a, b);
        }
        changed = move(order[i], order) || changed;
      }
    }
    return changed;
  }

  quality measure() const {
    quality out;
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      const auto& [a, b] = edges_[e];
      const auto &p = places_[a], &q = places_[b];
      out.length += std::hypot(p.x - q.x, p.y - q.y);
      for (std::size_t f = e + 1; f < edges_.size(); ++f) {
        const auto& [c, d] = edges_[f];
        if (a != c && a != d && b != c && b != d) out.crossings += cross(p, q, places_[c], places_[d]);
      }
      for (std::uint32_t v = 0; v < places_.size(); ++v) {
        if (v != a && v != b) out.covered += covers(places_[v], p, q);
      }
    }
    for (std::size_t u = 0; u < places_.size(); ++u) {
      for (std::size_t v = u + 1; v < places_.size(); ++v) out.closeness += closeness(places_[u], places_[v]);
    }
    return out;
  }

  const std::vector<point>& places() const noexcept { return places_; }

 private:
  void set_angle(std::uint32_t v, double angle) {
    angles_[v] = angle;
    if (places_.size() < angles_.size()) places_.resize(angles_.size());
    const double r = radii_[circle_[v]];
    places_[v] = {r * std::sin(angle), -r * std::cos(angle)};  // from above, clockwise
  }
  void place(std::size_t c) {
    const double step = 2 * pi / static_cast<double>(orders_[c].size());
    for (std::size_t i = 0; i < orders_[c].size(); ++i) set_angle(orders_[c][i], phases_[c] + step * static_cast<double>(i));
  }
  /// What the edges at v cost, and those over v.
  double cost_at(std::uint32_t v) const {
    const auto& p = places_[v];
    double cost = length_cost * length_at(v);
    for (std::uint32_t u = 0; u < places_.size(); ++u) {
      if (u != v) cost += closeness(p, places_[u]);
    }
    for (const auto& [c, d] : edges_) {
      const auto &r = places_[c], &s = places_[d];
      if (c != v && d != v && covers(p, r, s)) cost += covered_cost;
      for (const auto w : neighbours_[v]) {
        if (c != v && d != v && c != w && d != w && cross(p, places_[w], r, s)) cost += 1;
      }
    }
    for (const auto w : neighbours_[v]) {
      for (std::uint32_t u = 0; u < places_.size(); ++u) {
        if (u != v && u != w && covers(places_[u], p, places_[w])) cost += covered_cost;
      }
    }
    return cost;
  }
  bool move(std::uint32_t v, const std::vector<std::uint32_t>& order) {
    const double r = radii_[circle_[v]];
    if (r == 0) return false;
    const auto steps = std::clamp<std::size_t>(4 * order.size(), 24, 72);
    const double start = angles_[v], apart = 2 * std::asin(std::min(1.0, 0.49 / r));
    double best = start, least = cost_at(v);
    for (std::size_t i = 0; i < steps; ++i) {
      const double angle = 2 * pi * static_cast<double>(i) / static_cast<double>(steps);
      const bool is_free = std::ranges::all_of(order, [&](std::uint32_t w) { return w == v || std::abs(std::remainder(angles_[w] - angle, 2 * pi)) >= apart; });
      if (!is_free) continue;
      set_angle(v, angle);
      if (const double cost = cost_at(v); cost < least - 1e-6) least = cost, best = angle;
    }
    set_angle(v, best);
    return best != start;
  }
  void exchange(std::uint32_t a, std::uint32_t b) {
    const double angle = angles_[a];
    set_angle(a, angles_[b]);
    set_angle(b, angle);
  }
  double length_at(std::uint32_t v) const {
    double sum = 0;
    for (const auto w : neighbours_[v]) sum += std::hypot(places_[v].x - places_[w].x, places_[v].y - places_[w].y);
    return sum;
  }
  template <class Counts>
  double barycentre(std::uint32_t v, const Counts& counts) const {
    double x = 0, y = 0;
    for (const auto w : neighbours_[v]) {
      const double r = radii_[circle_[w]];
      if (r > 0 && counts(circle_[w])) x += places_[w].x / r, y += places_[w].y / r;
    }
    double angle = std::hypot(x, y) < 1e-6 ? angles_[v] : std::atan2(x, -y);
    // Angles go on from where the circle begins, so that sorting does not tear it there.
    while (angle < 0) angle += 2 * pi;
    while (angle >= 2 * pi - 1e-9) angle -= 2 * pi;
    return angle;
  }

  const edge_list& edges_;
  std::vector<double> radii_;
  std::vector<std::vector<std::uint32_t>> orders_;  // of the vertices of each circle
  std::vector<double> phases_, angles_;
  const std::vector<std::uint32_t>& circle_;
  std::vector<std::vector<std::uint32_t>> neighbours_;
  std::vector<point> places_;
};

/// In units of the distance of neighbours on a circle.
std::vector<double> radii_of(const std::vector<std::uint32_t>& circle) {
  std::vector<std::size_t> count(*std::max_element(circle.begin(), circle.end()) + 1);
  for (const auto c : circle) ++count[c];
  std::vector<double> radii{0};
  for (std::size_t c = 1; c < count.size(); ++c) {
    const double chord = count[c] > 1 ? 0.5 / std::sin(pi / static_cast<double>(count[c])) : 0;  // neighbours are a unit apart
    radii.push_back(std::max(radii.back() + between_circles, chord));
  }
  return radii;
}

void polish(arrangement& a, std::size_t edges) {
  for (int i = 0; i < 6 && a.shorten(); ++i) {}
  const int rounds = edges <= 150 ? 12 : edges <= 400 ? 4 : 1;
  for (int i = 0; i < rounds && a.improve(); ++i) {}
}

}  // namespace

double segment_distance(const point& p, const point& a, const point& b) noexcept {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double t = std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
  return std::sqrt((p.x - a.x - t * dx) * (p.x - a.x - t * dx) + (p.y - a.y - t * dy) * (p.y - a.y - t * dy));
}

circle_layout lay_out(const std::vector<std::uint32_t>& circle, edge_list edges, double radius, double greatest_unit) {
  for (auto& [a, b] : edges) {
    if (a > b) std::swap(a, b);
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  const auto radii = radii_of(circle);
  const std::size_t starts = edges.size() <= 60 ? 16 : edges.size() <= 150 ? 6 : edges.size() <= 400 ? 2 : 1;
  std::mt19937 random(1);
  std::vector<point> best;
  quality best_quality;
  const auto consider = [&](const arrangement& a) {
    const auto q = a.measure();
    if (best.empty() || q.cost() < best_quality.cost() - 1e-6) best = a.places(), best_quality = q;
  };
  for (std::size_t s = 0; s < starts; ++s) {
    arrangement a(circle, edges, radii);
    if (s > 0) a.shuffle(random);
    if (s == 0) consider(a);
    if (radii.size() > 1) {
      a.pass_outwards();
      for (int i = 0; i < 4; ++i) a.pass_inwards(), a.pass_all();
      consider(a);
      polish(a, edges.size());
    }
    consider(a);
  }
  circle_layout out{{}, {}, radii.size() > 1 ? std::min(radius / radii.back(), greatest_unit) : greatest_unit, best_quality.crossings};
  for (const auto& p : best) out.places.push_back({p.x * out.unit, p.y * out.unit});
  for (const double r : radii) out.radii.push_back(r * out.unit);
  return out;
}

}  // namespace cosetta::figures
