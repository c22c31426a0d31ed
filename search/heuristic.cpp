#include <graphs/graph_definition.hpp>
#include <kernels/byte_rows.hpp>
#include <search/heuristic.hpp>
#include <search/pair_tables.hpp>

namespace cosetta::search {

namespace {

class summed final : public heuristic {
 public:
  summed(std::string name, kernels::pair_sums sums)
      : name_(std::move(name)),
        sums_(std::move(sums)),
        stride_(kernels::byte_row_stride(sums_.size())),
        kernels_(kernels::pair_sum_kernels_for(kernels::best_instruction_set())) {}
  std::string_view name() const noexcept override { return name_; }
  void score(const std::uint8_t* rows, std::size_t count, std::uint32_t* out) const override { kernels_.sum(sums_, rows, stride_, count, out); }
  std::uint32_t most() const noexcept override { return sums_.most(); }
  std::size_t bytes() const noexcept override { return sums_.bytes(); }
  const kernels::pair_sums* sums() const noexcept override { return &sums_; }

 private:
  std::string name_;
  kernels::pair_sums sums_;
  std::size_t stride_;
  const kernels::pair_sum_kernels& kernels_;
};

using pairs = std::vector<kernels::pair_sums::pair>;

std::uint8_t byte(std::size_t i) { return static_cast<std::uint8_t>(i); }

/// Two labels that are to be at given places; `none`: anywhere.
constexpr std::size_t none = ~std::size_t{0};
void add_places(std::size_t n, std::size_t v, std::size_t place_v, std::size_t w, std::size_t place_w, pairs& out, std::vector<std::uint8_t>& tables) {
  out.push_back({byte(v), byte(w), static_cast<std::uint32_t>(tables.size() / (n * n))});
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) tables.push_back(byte((place_v != none && a != place_v) + (place_w != none && b != place_w)));
  }
}

}  // namespace

std::unique_ptr<heuristic> make_pair_heuristic(const graphs::graph_definition& graph, bool rotation, std::size_t most_bytes, const run_context& context) {
  const auto to = rotation ? pair_tables::goal::rotation : pair_tables::goal::home;
  const std::size_t n = graph.degree();
  if (pair_tables::bytes_for(n, to) > most_bytes) return nullptr;
  const auto tables = pair_tables::make(graph, to, context);
  if (!tables || kernels::pair_sums::bytes_for(n, tables->tables()) > most_bytes) return nullptr;
  return std::make_unique<summed>(rotation ? "pairs up to rotation" : "pairs", tables->sums());
}

std::unique_ptr<heuristic> make_gap_heuristic(const graphs::graph_definition& graph, bool cyclic) {
  const std::size_t n = graph.degree();
  pairs out;
  std::vector<std::uint8_t> tables;
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) {
      const auto d = a < b ? b - a : a - b;
      tables.push_back(byte(d != 1 && !(cyclic && d == n - 1)));
    }
  }
  for (std::size_t v = 0; v + 1 < n + cyclic; ++v) out.push_back({byte(v), byte((v + 1) % n), 0});
  if (!cyclic) {
    const auto rests = [&](std::size_t i) {
      for (const auto& p : graph.permutations()->elements()) {
        if (p[static_cast<groups::point>(i)] == i) return true;
      }
      return false;
    };
    add_places(n, 0, rests(0) ? 0 : none, n - 1, rests(n - 1) ? n - 1 : none, out, tables);
  }
  return std::make_unique<summed>(cyclic ? "cyclic gaps" : "gaps", kernels::pair_sums(n, std::move(out), tables));
}

std::unique_ptr<heuristic> make_hamming_heuristic(const graphs::graph_definition& graph) {
  const std::size_t n = graph.degree();
  pairs out;
  std::vector<std::uint8_t> tables;
  for (std::size_t v = 0; v < n; v += 2) add_places(n, v, v, (v + 1) % n, v + 1 < n ? v + 1 : none, out, tables);
  return std::make_unique<summed>("hamming", kernels::pair_sums(n, std::move(out), tables));
}

}  // namespace cosetta::search
