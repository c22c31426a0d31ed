#include <kernels/cuda/device_transitions.hpp>

#include <algorithm>

namespace cosetta::kernels {

namespace {

/// floor(c 2^64 / m)
std::uint64_t quotient(std::uint64_t c, std::uint64_t m) {
  __extension__ using wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<wide>(c) << 64) / m);
}

struct flat {
  std::vector<std::uint32_t> starts, field_starts, point_starts, images;
  std::vector<grid_move> moves;
  std::vector<grid_field> fields;
  std::vector<grid_term> terms;
  std::vector<grid_point> points;

  static std::uint32_t size(const auto& v) { return static_cast<std::uint32_t>(v.size()); }

  void add(const transition& t, std::size_t words) {
    for (std::uint32_t target = 0; target < words; ++target) {
      for (std::uint32_t source = 0; source < words; ++source) {
        starts.push_back(size(moves));
        for (const auto& m : t.moves) {
          if (m.target == target && m.source == source) moves.push_back({m.mask, m.rotation});
        }
      }
    }
    field_starts.push_back(size(fields));
    for (const auto& f : t.fields) {
      const auto first = size(terms);
      for (const auto& term : f.terms) terms.push_back({term.coefficient, quotient(term.coefficient, t.modulus), term.word, term.shift});
      fields.push_back({f.constant, f.target, f.shift, first, size(terms)});
    }
    point_starts.push_back(size(points));
    for (const auto& p : t.points) {
      points.push_back({p.mask, p.word, p.shift, images.size()});
      images.insert(images.end(), p.images.begin(), p.images.end());
    }
  }
};

}  // namespace

device_transitions::device_transitions(backend& on, const std::vector<transition>& transitions, std::size_t words) {
  flat all;
  for (const auto& t : transitions) {
    all.add(t, words);
    if (t.modulus != 0) view_.modulus = t.modulus, view_.field_mask = t.field_mask;
  }
  all.starts.push_back(flat::size(all.moves));
  all.field_starts.push_back(flat::size(all.fields));
  all.point_starts.push_back(flat::size(all.points));
  starts_ = {on, all.starts}, field_starts_ = {on, all.field_starts}, point_starts_ = {on, all.point_starts}, images_ = {on, all.images};
  moves_ = {on, all.moves}, fields_ = {on, all.fields}, terms_ = {on, all.terms}, points_ = {on, all.points};
  view_.count = flat::size(transitions);
  view_.moves_count = flat::size(all.moves), view_.fields_count = flat::size(all.fields), view_.points_count = flat::size(all.points);
  view_.starts = starts_.data(), view_.field_starts = field_starts_.data(), view_.point_starts = point_starts_.data();
  view_.moves = moves_.data(), view_.fields = fields_.data(), view_.terms = terms_.data();
  view_.points = points_.data(), view_.images = images_.data();
}

std::size_t device_transitions::bytes() const noexcept {
  return starts_.bytes() + field_starts_.bytes() + point_starts_.bytes() + images_.bytes() + moves_.bytes() + fields_.bytes() + terms_.bytes() +
         points_.bytes();
}

}  // namespace cosetta::kernels
