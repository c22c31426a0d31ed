#include <tools/conjecture/tuple_labelling.hpp>

#include <algorithm>
#include <numeric>

namespace cosetta::conjecture {

using groups::point;

namespace {
constexpr point unnumbered = ~point{0};
}

bool tuple_labelling::number_from(std::span<const images* const> tuple, point root, const point* best, std::vector<point>& order,
                                  std::vector<point>& table, std::vector<point>& number) const {
  order.assign(1, root);
  table.clear();
  number[root] = 0;
  bool below = best == nullptr;
  bool good = true;
  for (std::size_t i = 0; i < order.size() && good; ++i) {
    for (const auto* g : tuple) {
      const point image = (*g)[order[i]];
      if (number[image] == unnumbered) {
        number[image] = static_cast<point>(order.size());
        order.push_back(image);
      }
      const point entry = number[image];
      if (!below && entry != best[table.size()]) {
        below = entry < best[table.size()];
        if (!below) {
          good = false;
          break;
        }
      }
      table.push_back(entry);
    }
  }
  for (const point p : order) number[p] = unnumbered;
  return good;
}

int tuple_labelling::compare(const orbit& a, const orbit& b) const {
  if (a.size != b.size) return a.size < b.size ? -1 : 1;
  const auto* x = tables_.data() + a.begin * tuple_size_;
  const auto* y = tables_.data() + b.begin * tuple_size_;
  for (std::size_t i = 0; i < a.size * tuple_size_; ++i) {
    if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
  }
  return 0;
}

void tuple_labelling::run(std::span<const images* const> tuple, std::size_t degree) {
  degree_ = degree;
  tuple_size_ = tuple.size();
  orbits_.clear();
  found_.clear();
  tables_.clear();
  seen_.assign(degree, 0);
  number_.assign(degree, unnumbered);
  for (point p = 0; p < degree; ++p) {
    if (seen_[p]) continue;
    number_from(tuple, p, nullptr, trial_order_, trial_table_, number_);
    const orbit here{found_.size(), trial_order_.size()};
    found_.insert(found_.end(), trial_order_.begin(), trial_order_.end());
    tables_.insert(tables_.end(), trial_table_.begin(), trial_table_.end());
    const std::size_t table = here.begin * tuple_size_;
    const std::vector<point> members = trial_order_;
    for (const point m : members) seen_[m] = 1;
    for (std::size_t i = 1; i < members.size(); ++i) {
      if (!number_from(tuple, members[i], tables_.data() + table, trial_order_, trial_table_, number_)) continue;
      std::copy(trial_order_.begin(), trial_order_.end(), found_.begin() + static_cast<std::ptrdiff_t>(here.begin));
      std::copy(trial_table_.begin(), trial_table_.end(), tables_.begin() + static_cast<std::ptrdiff_t>(table));
    }
    orbits_.push_back(here);
  }
  std::stable_sort(orbits_.begin(), orbits_.end(), [&](const orbit& a, const orbit& b) { return compare(a, b) < 0; });
  form_.clear();
  order_.clear();
  for (const auto& o : orbits_) {
    form_.push_back(static_cast<point>(o.size));
    const auto table = tables_.begin() + static_cast<std::ptrdiff_t>(o.begin * tuple_size_);
    form_.insert(form_.end(), table, table + static_cast<std::ptrdiff_t>(o.size * tuple_size_));
    const auto points = found_.begin() + static_cast<std::ptrdiff_t>(o.begin);
    order_.insert(order_.end(), points, points + static_cast<std::ptrdiff_t>(o.size));
  }
}

std::vector<tuple_labelling::images> tuple_labelling::centralizer(std::span<const images* const> tuple) const {
  std::vector<images> out;
  images identity(degree_);
  std::iota(identity.begin(), identity.end(), point{0});
  std::vector<point> order, table, number(degree_, unnumbered);
  for (std::size_t k = 0; k < orbits_.size(); ++k) {
    const auto& o = orbits_[k];
    const auto* points = found_.data() + o.begin;
    const auto* best = tables_.data() + o.begin * tuple_size_;
    for (std::size_t i = 1; i < o.size; ++i) {
      if (!number_from(tuple, points[i], best, order, table, number)) continue;
      images z = identity;  // the table is the best one: no root has a lesser
      for (std::size_t j = 0; j < o.size; ++j) z[points[j]] = order[j];
      out.push_back(std::move(z));
    }
    if (k > 0 && compare(orbits_[k - 1], o) == 0) {
      images z = identity;
      const auto* other = found_.data() + orbits_[k - 1].begin;
      for (std::size_t j = 0; j < o.size; ++j) z[points[j]] = other[j], z[other[j]] = points[j];
      out.push_back(std::move(z));
    }
  }
  return out;
}

}  // namespace cosetta::conjecture
