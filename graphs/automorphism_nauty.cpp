#include <graphs/automorphism_backend.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <numeric>
#include <span>

#include <fmt/format.h>
#include <nauty/nausparse.h>
// gtools.h, which traces.h includes, declares variables with C's word for thread-local storage.
#undef TLS_ATTR
#if HAVE_TLS
#define TLS_ATTR __thread
#else
#define TLS_ATTR
#endif
#include <nauty/traces.h>

namespace cosetta::graphs {

namespace {

/// Held by the thread that searches. nauty_kill_request is one variable for all threads, also where the rest of nauty
/// is thread-local (as in Debian's build).
std::timed_mutex nauty_in_use;

/// What nauty's callbacks, which are plain functions, write to. Guarded by nauty_in_use.
struct search_state {
  automorphism_result* result = nullptr;
  std::size_t points = 0;
  std::size_t bytes_left = 0;
  std::exception_ptr failure;
};
search_state* current = nullptr;

std::size_t bytes_of(std::size_t degree) {
  const std::size_t width = degree <= 64 ? 0 : degree <= 256 ? 1 : degree <= 65536 ? 2 : 4;
  return sizeof(groups::permutation) + degree * width;
}

void keep_automorphism(const int* images) noexcept {
  search_state& search = *current;
  if (search.failure) return;
  // No exception may pass through C.
  try {
    std::vector<groups::point> points(images, images + search.points);
    groups::permutation p{std::span<const groups::point>(points)};
    const std::size_t bytes = bytes_of(p.degree());
    if (bytes > search.bytes_left) {
      throw resource_error(
          fmt::format("after {} generators of {} points each no memory is left for more: raise the limit",
                      search.result->generators.size(), search.points));
    }
    search.bytes_left -= bytes;
    search.result->generators.push_back(std::move(p));
  } catch (...) {
    search.failure = std::current_exception();
    nauty_kill_request = 1;
  }
}

extern "C" {

void on_automorphism(int, int* images, int*, int, int, int) {
  keep_automorphism(images);
}

void on_traces_automorphism(int, int* images, int) {
  keep_automorphism(images);
}

/// On the first path, from its leaf up to the root: the group's order is the product of the indices of its point
/// stabilizers. nauty's own product is a double.
void on_level(int*, int*, int, int*, statsblk*, int, int index, int, int, int, int) {
  current->result->order *= index;
}

}  // extern "C"

/// Gives back the working arrays that nauty keeps for the next search in this thread, and takes back requests to stop.
struct working_arrays {
  ~working_arrays() {
    nauty_kill_request = 0;
    traces_freedyn();
    nausparse_freedyn();
    nautil_freedyn();
    nauty_freedyn();
    schreier_freedyn();
  }
};

struct canonical_graph {
  SG_DECL(graph);
  canonical_graph() = default;
  canonical_graph(const canonical_graph&) = delete;
  ~canonical_graph() { SG_FREE(graph); }
};

struct labelled_partition {
  std::vector<int> order;
  std::vector<int> partial;
  std::vector<int> orbits;
  explicit labelled_partition(const search_graph& of) : order(of.order), partial(of.partial), orbits(of.order.size()) {}
};

sparsegraph view(search_graph& graph) {
  const std::size_t n = graph.at.size();
  const std::size_t arcs = graph.neighbours.size();
  return {arcs, graph.at.data(), static_cast<int>(n), graph.degree.data(), graph.neighbours.data(), nullptr, n, n, arcs,
          0};
}

bool finished(int error) {
  if (current->failure) std::rethrow_exception(current->failure);
  if (error == NAUKILLED || error == NAUABORTED) return false;
  if (error != 0) throw backend_error(fmt::format("nauty failed with its error {}", error));
  return true;
}

bool run_nauty(sparsegraph& graph, bool directed, labelled_partition& p) {
  canonical_graph canonical;
  DEFAULTOPTIONS_SPARSEGRAPH(options);
  options.digraph = directed;
  options.getcanon = TRUE;
  options.defaultptn = FALSE;
  options.userautomproc = on_automorphism;
  options.userlevelproc = on_level;
  if (directed) {
    // Refinement looks along the arcs in one direction only; at the root the other one may be what tells vertices
    // apart.
    options.invarproc = adjacencies_sg;
    options.maxinvarlevel = 1;
  }
  statsblk stats{};
  current->result->order = 1;
  sparsenauty(&graph, p.order.data(), p.partial.data(), p.orbits.data(), &options, &stats, &canonical.graph);
  return finished(stats.errstatus);
}

bool run_traces(sparsegraph& graph, labelled_partition& p, TracesStats& stats, bool first) {
  canonical_graph canonical;
  DEFAULTOPTIONS_TRACES(options);
  options.getcanon = first;
  options.defaultptn = FALSE;
  options.userautomproc = first ? on_traces_automorphism : nullptr;
  stats = {};
  Traces(&graph, p.order.data(), p.partial.data(), p.orbits.data(), &options, &stats,
         first ? &canonical.graph : nullptr);
  return finished(stats.errstatus);
}

/// Makes `v` a cell of its own, before what was left of its cell.
void individualize(search_graph& graph, int v) {
  auto at = std::find(graph.order.begin(), graph.order.end(), v);
  const auto i = [&] { return at - graph.order.begin(); };
  while (i() > 0 && graph.partial[i() - 1] != 0) {
    std::swap(*at, *(at - 1));
    --at;
  }
  graph.partial[i()] = 0;
}

/// Traces gives the order as a double times a power of ten, which is exact as long as it has not been divided by 10^10.
/// A larger group is the orbit of a point times its stabilizer, and the stabilizer is another, smaller search.
bool order_by_traces(search_graph& graph, sparsegraph& sparse, const labelled_partition& root, const TracesStats& found,
                     mpz_class& order) {
  TracesStats stats = found;
  labelled_partition p = root;
  order = 1;
  while (stats.grpsize2 != 0) {
    if (nauty_kill_request != 0) return false;
    std::vector<int> size(p.orbits.size());
    for (std::size_t v = 0; v < graph.points; ++v) ++size[p.orbits[v]];
    const auto largest = std::max_element(size.begin(), size.end());
    order *= *largest;
    individualize(graph, static_cast<int>(largest - size.begin()));
    p = labelled_partition(graph);
    if (!run_traces(sparse, p, stats, false)) return false;
  }
  order *= mpz_class(stats.grpsize1);
  return true;
}

/// The points come first, in their canonical order.
groups::permutation labelling(const labelled_partition& p, std::size_t points) {
  std::vector<groups::point> images(points);
  for (std::size_t i = 0; i < points; ++i) images[p.order[i]] = static_cast<groups::point>(i);
  return groups::permutation{std::span<const groups::point>(images)};
}

/// From the generators, since an interrupted search has them too.
void set_orbits(automorphism_result& result, std::size_t points) {
  auto& orbit = result.orbits;
  orbit.resize(points);
  std::iota(orbit.begin(), orbit.end(), groups::point{0});
  const auto least = [&](groups::point v) {
    while (orbit[v] != v) v = orbit[v] = orbit[orbit[v]];
    return v;
  };
  for (const auto& p : result.generators) {
    for (std::size_t v = 0; v < points; ++v) {
      const auto a = least(static_cast<groups::point>(v));
      const auto b = least(p[v]);
      orbit[std::max(a, b)] = std::min(a, b);
    }
  }
  for (std::size_t v = 0; v < points; ++v) {
    orbit[v] = least(static_cast<groups::point>(v));
    result.orbit_count += orbit[v] == v;
  }
}

}  // namespace

bool automorphisms_available() noexcept {
  return true;
}

automorphism_result search_automorphisms(search_graph& graph, const automorphism_limits& limits) {
  automorphism_result result;
  std::unique_lock lock(nauty_in_use, std::defer_lock);
  while (!lock.try_lock_for(std::chrono::milliseconds(20))) {
    if (limits.stop.stop_requested()) break;
  }
  bool done = false;
  labelled_partition p(graph);
  if (lock.owns_lock() && !limits.stop.stop_requested()) {
    nauty_kill_request = 0;
    const working_arrays arrays;
    search_state search{&result, graph.points, limits.memory_bytes, {}};
    current = &search;
    const std::stop_callback on_stop(limits.stop, [] { nauty_kill_request = 1; });
    sparsegraph sparse = view(graph);
    if (graph.large) {
      TracesStats stats;
      done = run_traces(sparse, p, stats, true) && order_by_traces(graph, sparse, p, stats, result.order);
    } else {
      done = run_nauty(sparse, graph.directed, p);
    }
  }
  result.interrupted = !done;
  if (done) {
    result.labelling = labelling(p, graph.points);
  } else {
    result.order = 0;
  }
  set_orbits(result, graph.points);
  return result;
}

}  // namespace cosetta::graphs
