#include <groups/chain_options.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/combine.hpp>
#include <tools/conjecture/measure.hpp>
#include <tools/conjecture/store_writer.hpp>
#include <tools/conjecture/sweep.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

using clock = std::chrono::steady_clock;

/// Beyond this the threads work on one graph together.
constexpr double large_states = 2e6;
constexpr std::size_t large_degree = 11;

bool is_large(const graphs::graph_definition& graph, const graph_identity& identity) {
  if (identity.canonical && graph.degree() <= ranked_search::max_degree) return false;
  if (graph.known().vertices) return *graph.known().vertices > large_states;
  return graph.permutations() == nullptr || graph.degree() >= large_degree;
}

/// What tells whether a row answers a question: stores may have millions.
stored_graph light(const stored_graph& row) {
  stored_graph out;
  out.graph.asked = row.graph.asked;
  out.graph.status = row.graph.status;
  out.provenance.stopped_by = row.provenance.stopped_by;
  out.provenance.memory_limit = row.provenance.memory_limit;
  out.provenance.state_limit = row.provenance.state_limit;
  out.provenance.time_limit = row.provenance.time_limit;
  return out;
}

class sweep_run {
 public:
  sweep_run(const sweep_specification& specification, store& into, const sweep_options& options)
      : specification_(specification), options_(options), context_(options.context), limit_{specification.memory.value_or(context_.memory_bytes), specification.seconds, specification.max_states} {
    limit_.memory = std::min(limit_.memory, context_.memory_bytes);
    context_.observer = {};
    had_.memory_limit = limit_.memory;
    had_.state_limit = limit_.states;
    had_.time_limit = limit_.seconds;
    into.for_each_graph([&](const stored_graph& g) { known_.emplace(g.graph.key, light(g)); });
    std::vector<std::string> labels;
    for (auto& item : expand(specification, [&] { context_.check(); })) {
      labels.push_back(item.label);
      if (item.position % options.shard.parts == options.shard.part - 1) result_.items.push_back(std::move(item));
    }
    result_.total = result_.items.size();
    into.retain(specification.name, labels);
  }

  sweep_result run(store& into) {
    {
      store_writer writer(into);
      writer_ = &writer;
      side_by_side();
      for (const auto i : std::exchange(large_, {})) {
        if (!stopped()) work(i, context_.threads, limit_.memory, alone_, true);
      }
      for (const auto i : std::exchange(deferred_, {})) {  // their graphs are there now
        if (!stopped()) work(i, context_.threads, limit_.memory, alone_, true);
      }
      writer.finish();
    }
    std::sort(result_.failures.begin(), result_.failures.end(), [](const sweep_failure& a, const sweep_failure& b) { return a.label < b.label; });
    if (context_.stop.stop_requested() && result_.left() > 0) {
      result_.status = search::status::interrupted;
    } else if (result_.bounds > 0 || result_.left() > 0 || !result_.failures.empty()) {
      result_.status = search::status::lower_bound;
    }
    for (auto& item : result_.items) item.generators.clear();
    result_.seconds = seconds();
    return std::move(result_);
  }

 private:
  double seconds() const { return std::chrono::duration<double>(clock::now() - start_).count(); }
  bool stopped() const { return context_.is_stopped() || writer_->has_failed(); }

  void side_by_side() {
    const auto threads = static_cast<unsigned>(std::clamp<std::size_t>(result_.items.size(), 1, context_.threads));
    std::atomic<std::size_t> next = 0;
    std::exception_ptr fatal;
    const auto serve = [&] {
      measuring tools;
      try {
        for (std::size_t i; (i = next.fetch_add(1)) < result_.items.size() && !stopped();) work(i, 1, limit_.memory / threads, tools, false);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!fatal) fatal = std::current_exception();
        next = result_.items.size();
      }
    };
    {
      std::vector<std::jthread> crew;
      for (unsigned t = 1; t < threads; ++t) crew.emplace_back(serve);
      serve();
    }
    if (fatal) std::rethrow_exception(fatal);
  }

  /// One item. With `whatever`, it is done here and now even where it is large.
  void work(std::size_t i, unsigned threads, std::size_t memory, measuring& tools, bool whatever) {
    const auto& item = result_.items[i];
    try {
      const auto graph = item.make();
      const auto identity = identify(graph);
      auto wanted = specification_.measures;
      {
        const std::lock_guard lock(mutex_);
        if (const auto at = known_.find(identity.row.key); at != known_.end()) {
          if (answers(at->second, wanted, had_)) return reuse(item, identity, at->second);
          wanted.insert(at->second.graph.asked);  // one row answers all sweeps
        }
        if (!whatever && claimed_.contains(identity.row.key)) return deferred_.push_back(i);
        if (!whatever && is_large(graph, identity)) return large_.push_back(i);
        claimed_.insert(identity.row.key);
      }
      auto context = context_;
      context.threads = threads;
      auto limits = limit_;
      limits.memory = memory;
      auto found = tools.run(graph, identity, wanted, limits, context);
      if (found && memory < limit_.memory && found->provenance.stopped_by == "memory") return again_alone(i);
      if (found) finish(item, identity, std::move(*found));
    } catch (const groups::stopped_error&) {
      if (!context_.is_stopped()) fail(item, "a limit of time was reached before anything was known", true);
    } catch (const resource_error& e) {
      if (memory < limit_.memory) return again_alone(i);
      fail(item, e.what(), true);
    } catch (const parse_error& e) {
      fail(item, e.what(), false);
    } catch (const domain_error& e) {
      fail(item, e.what(), false);
    } catch (const std::bad_alloc&) {
      fail(item, "out of memory: lower the limit of memory or take a smaller graph", true);
    }
  }

  /// Side by side a graph has its share of the memory; the limit is all of it.
  void again_alone(std::size_t i) {
    const std::lock_guard lock(mutex_);
    large_.push_back(i);
  }

  member_row member_of(const sweep_item& item, const graph_identity& identity) const {
    return {specification_.name, item.label, item.position, item.spec, item.parameters, identity.row.key, identity.relabelling};
  }

  /// Under the lock.
  void reuse(const sweep_item& item, const graph_identity& identity, const stored_graph& there) {
    ++result_.reused;
    result_.bounds += there.graph.status != search::status::exact;
    writer_->add({member_of(item, identity), std::nullopt});
    tell();
  }

  void finish(const sweep_item& item, const graph_identity& identity, stored_graph found) {
    found.provenance.version = options_.version;
    found.provenance.command = options_.command;
    found.provenance.memory_limit = limit_.memory;
    const std::lock_guard lock(mutex_);
    ++result_.done;
    result_.bounds += found.graph.status != search::status::exact || !found.graph.asked.contains_all(specification_.measures);
    known_.insert_or_assign(identity.row.key, light(found));
    writer_->add({member_of(item, identity), std::move(found)});
    tell();
  }

  void fail(const sweep_item& item, const std::string& reason, bool by_limit) {
    const std::lock_guard lock(mutex_);
    result_.failures.push_back({item.label, reason, by_limit});
    tell();
  }

  /// Under the lock.
  void tell() {
    const auto now = clock::now();
    if (!options_.observer || now < next_told_) return;
    next_told_ = now + std::chrono::milliseconds(100);
    options_.observer({result_.total, result_.done, result_.reused, result_.failures.size(), seconds()});
  }

  const sweep_specification& specification_;
  const sweep_options& options_;
  search::run_context context_;
  graph_limits limit_;
  provenance_row had_;  // the limits, as rows remember them
  clock::time_point start_ = clock::now(), next_told_ = start_;
  store_writer* writer_ = nullptr;
  measuring alone_;

  std::mutex mutex_;  // of all below
  std::unordered_map<std::string, stored_graph> known_;
  std::unordered_set<std::string> claimed_;
  std::vector<std::size_t> large_, deferred_;
  sweep_result result_;
};

}  // namespace

sweep_shard parse_shard(std::string_view text) {
  sweep_shard out;
  const auto slash = text.find('/');
  const auto read = [&](std::string_view part, std::uint64_t& into) {
    const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), into);
    return !part.empty() && status == std::errc{} && end == part.data() + part.size();
  };
  if (slash == std::string_view::npos || !read(text.substr(0, slash), out.part) || !read(text.substr(slash + 1), out.parts) || out.part < 1 || out.part > out.parts ||
      out.parts > 1'000'000) {
    throw parse_error(fmt::format("--shard '{}': expected a part and the number of parts, such as 1/4", text));
  }
  return out;
}

sweep_result run_sweep(const sweep_specification& specification, store& into, const sweep_options& options) {
  return sweep_run(specification, into, options).run(into);
}

}  // namespace cosetta::conjecture
