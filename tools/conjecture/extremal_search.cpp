#include <groups/chain_options.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/annealing.hpp>
#include <tools/conjecture/extremal_search.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_set>

#include <time.h>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

using search_clock = std::chrono::steady_clock;

/// Sets of a part: a fraction of a second to a few seconds of work.
constexpr std::size_t sets_of_part(std::size_t degree) { return degree <= 7 ? 256 : degree <= 9 ? 128 : degree == 10 ? 32 : 4; }

constexpr double most_sets = 20e6;

/// Beyond this, threads work on one set together.
constexpr std::size_t alone_degree = 12;

class search_run {
 public:
  search_run(const extremal_question& q, store& into, const search_options& options) : q_(q), into_(into), options_(options), context_(options.context), name_(q.name_or_title()) {
    context_.observer = {};
  }

  search_result run() {
    search_row row{name_, q_.identity(), std::string(to_string(*q_.method)), q_.restarts, 0, options_.version, options_.command};
    if (q_.method == search_method::exhaustive) {
      row.parts = 0;
      begin_search(into_, row);  // another search of the name is refused before long work
      try {
        enumerate();
      } catch (const groups::stopped_error&) {
        return ended(false);
      }
      row.parts = (sets_.size() + sets_of_part(q_.degree) - 1) / sets_of_part(q_.degree);
      row.sets = sets_.size();
    }
    begin_search(into_, row);
    parts_ = row.parts;
    for (const auto& part : search_parts_of(into_, name_)) done_.insert(part.part);
    records_ = search_records_of(into_, name_, q_.smallest);
    std::erase_if(done_, [&](std::uint64_t part) { return part >= parts_; });
    done_before_ = done_.size();
    work();
    return ended(done_.size() == parts_);
  }

 private:
  /// The orbits; refused where they are sure not to fit the memory.
  void enumerate() {
    tell(true);
    const double elements = q_.estimated_element_bytes(), memory = static_cast<double>(context_.memory_bytes), needed = elements + q_.estimated_sets() * q_.set_bytes();
    if (context_.memory_bytes > 0 && needed > memory) {
      throw resource_error(fmt::format("an exhaustive search of some {:.2g} sets, of a class of {} permutations, holds some {:.0f} MiB; the limit is {:.0f} MiB: raise --memory, or take "
                                       "--method annealing, a smaller class, degree or size",
                                       q_.estimated_sets(), class_size(q_.of, q_.degree), needed / (1 << 20), memory / (1 << 20)));
    }
    const double most = context_.memory_bytes > 0 ? std::min(most_sets, (memory - elements) / q_.set_bytes()) : most_sets;
    sets_ = subset_orbits(q_.of, q_.degree, q_.size, q_.kind, static_cast<std::size_t>(most), [&] { context_.check(); });
  }

  void work() {
    const bool together = q_.degree >= alone_degree;
    const auto threads = static_cast<unsigned>(together ? 1 : std::clamp<std::uint64_t>(parts_ - done_before_, 1, context_.threads));
    auto inner = context_;
    inner.threads = together ? context_.threads : 1;
    inner.memory_bytes = context_.memory_bytes / threads;
    {
      std::vector<std::jthread> crew;
      for (unsigned t = 1; t < threads; ++t) crew.emplace_back([&] { serve(inner); });
      serve(inner);
    }
    if (error_) std::rethrow_exception(error_);
  }

  search_result ended(bool whole) {
    search_result out;
    out.summary = summary_of(into_, name_);
    out.sets_now = sets_now_;
    out.seconds = seconds();
    if (!whole) out.status = context_.stop.stop_requested() ? search::status::interrupted : search::status::lower_bound;
    return out;
  }

  double seconds() const { return std::chrono::duration<double>(search_clock::now() - start_).count(); }

  /// Of this thread; where threads work together, of the clock.
  double core_seconds() const {
    timespec now{};
    if (q_.degree >= alone_degree || clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) return seconds();
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }

  bool is_over() const { return context_.is_stopped() || failed_ || (options_.limit > 0 && sets_now_ >= options_.limit); }

  void serve(const search::run_context& inner) {
    extremal_scoring scoring(q_);
    try {
      for (std::uint64_t part; !is_over() && (part = next_.fetch_add(1)) < parts_;) {
        if (was_done(part)) continue;
        const double begin = core_seconds();
        auto found = q_.method == search_method::exhaustive ? exhausted(part, scoring, inner) : anneal(q_, part, scoring, inner);
        found.part.seconds = (core_seconds() - begin) * inner.threads;
        finish(std::move(found));
      }
    } catch (const groups::stopped_error&) {  // the part is not finished, and is done again another time
      if (!context_.is_stopped()) fail();
    } catch (...) {
      fail();
    }
  }

  void fail() {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
    failed_ = true;
  }

  bool was_done(std::uint64_t part) {
    const std::lock_guard lock(mutex_);
    return done_.contains(part);
  }

  /// The value that a set needs to enter the records.
  std::optional<std::uint64_t> needed() {
    const std::lock_guard lock(mutex_);
    if (records_.size() < q_.keep) return std::nullopt;
    return records_.back().value;
  }

  part_result exhausted(std::uint64_t part, extremal_scoring& scoring, const search::run_context& inner) {
    part_result out;
    out.part.part = part;
    const std::size_t from = part * sets_of_part(q_.degree), to = std::min(from + sets_of_part(q_.degree), sets_.size());
    for (std::size_t i = from; i < to; ++i) {
      inner.check();
      auto least = needed();  // by the records of all parts, or by those of this one
      if (out.records.size() == q_.keep && (!least || extremal_scoring::is_better(q_, out.records.back().value, *least))) least = out.records.back().value;
      const auto score = scoring.run(sets_[i], least, inner);
      ++out.part.sets;
      if (!score.admissible) continue;
      ++out.part.admissible;
      if (!score.whole) {
        ++out.part.cut_short;
        continue;
      }
      if (!out.part.best || extremal_scoring::is_better(q_, score.value, *out.part.best)) out.part.best = score.value, out.part.best_sets = 0;
      out.part.best_sets += score.value == *out.part.best;
      out.records.push_back(record_of(sets_[i], score, q_.kind));
      keep_best(out.records, q_.keep, q_.smallest);
    }
    return out;
  }

  void finish(part_result found) {
    const std::lock_guard lock(mutex_);
    auto& records = found.records;
    if (records_.size() == q_.keep) std::erase_if(records, [&](const search_record& r) { return extremal_scoring::is_better(q_, records_.back().value, r.value); });
    put_search_part(into_, name_, found.part, records, q_.keep, q_.smallest);
    records_.insert(records_.end(), records.begin(), records.end());
    keep_best(records_, q_.keep, q_.smallest);
    done_.insert(found.part.part);
    sets_now_ += found.part.sets;
    tell(false);
  }

  /// Under the lock.
  void tell(bool enumerating) {
    if (!options_.observer) return;
    search_progress p;
    p.enumerating = enumerating;
    p.parts = parts_, p.parts_done = done_.size(), p.sets = sets_.size(), p.sets_done = std::min<std::uint64_t>(done_.size() * sets_of_part(q_.degree), sets_.size());
    if (!records_.empty()) p.best = records_.front().value;
    p.seconds = seconds();
    p.share_now = parts_ == done_before_ ? 1 : static_cast<double>(done_.size() - done_before_) / static_cast<double>(parts_ - done_before_);
    options_.observer(p);
  }

  const extremal_question& q_;
  store& into_;
  const search_options& options_;
  search::run_context context_;
  std::string name_;
  search_clock::time_point start_ = search_clock::now();
  std::vector<canonical_set> sets_;
  std::uint64_t parts_ = 0, done_before_ = 0;
  std::atomic<std::uint64_t> next_ = 0, sets_now_ = 0;
  std::atomic<bool> failed_ = false;

  std::mutex mutex_;  // of all below, and of the store
  std::unordered_set<std::uint64_t> done_;
  std::vector<search_record> records_;
  std::exception_ptr error_;
};

}  // namespace

search_result run_search(const extremal_question& question, store& into, const search_options& options) { return search_run(question, into, options).run(); }

search_summary summary_of(const store& from, std::string_view name) {
  search_summary out;
  std::string names;
  bool there = false;
  for (auto& row : searches_of(from)) {
    names += (names.empty() ? "'" : ", '") + row.name + "'";
    if (row.name == name) out.row = std::move(row), there = true;
  }
  if (!there) throw domain_error(fmt::format("{}: no search '{}'; there are {}", from.path(), name, names.empty() ? "none" : names));
  const bool smallest = parse_identity(out.row.question, from.path()).smallest;
  for (const auto& part : search_parts_of(from, name)) {
    ++out.parts_done;
    out.sets_done += part.sets;
    out.admissible += part.admissible;
    out.cut_short += part.cut_short;
    out.seconds += part.seconds;
    if (!part.best) continue;
    if (!out.best || (smallest ? *part.best < *out.best : *part.best > *out.best)) out.best = part.best, out.best_sets = 0;
    if (*part.best == *out.best) out.best_sets += part.best_sets;
  }
  out.proven = out.row.method == "exhaustive" && out.row.parts > 0 && out.parts_done == out.row.parts;
  out.records = search_records_of(from, name, smallest);
  return out;
}

}  // namespace cosetta::conjecture
