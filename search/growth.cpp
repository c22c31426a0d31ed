#include <search/growth.hpp>

#include <cmath>
#include <numeric>

namespace cosetta::search {

std::string_view to_string(status s) noexcept {
  switch (s) {
    case status::exact:
      return "exact";
    case status::lower_bound:
      return "lower_bound";
    case status::interrupted:
      return "interrupted";
  }
  return "?";
}

std::string_view to_string(limit l) noexcept {
  switch (l) {
    case limit::none:
      return "none";
    case limit::depth:
      return "depth";
    case limit::time:
      return "time";
    case limit::memory:
      return "memory";
    case limit::interrupt:
      return "interrupt";
  }
  return "?";
}

std::uint64_t growth_result::states() const noexcept {
  return std::accumulate(layers.begin(), layers.end(), std::uint64_t{0});
}

distance_moments moments(const std::vector<std::uint64_t>& layers) {
  double total = 0;
  double sum = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    total += static_cast<double>(layers[i]);
    sum += static_cast<double>(i) * static_cast<double>(layers[i]);
  }
  distance_moments m;
  if (total == 0) return m;
  m.mean = sum / total;
  double second = 0;
  double third = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const double d = static_cast<double>(i) - m.mean;
    second += d * d * static_cast<double>(layers[i]) / total;
    third += d * d * d * static_cast<double>(layers[i]) / total;
  }
  m.deviation = std::sqrt(second);
  if (second > 0) m.skewness = third / (second * m.deviation);
  return m;
}

std::unique_ptr<growth_engine> make_growth_engine(std::string_view name) {
  if (name == "auto") return make_auto_engine();
  if (name == "tower") return make_tower_engine();
  if (name == "bucket") return make_bucket_engine();
  if (name == "oracle") return make_oracle_engine();
  return nullptr;
}

}  // namespace cosetta::search
