// The frontier engine: layers of packed states, hash-partitioned so that the set of one partition fits the L2 cache.
//
// A layer is expanded in rounds. Each round applies all generators to a run of pages and sends every image to the page
// list of its partition (top bits of its hash); then each partition is deduplicated on its own: the images go into a
// set, the states of the layers in which they may have been seen are struck out, and what is left belongs to the next
// layer. In an undirected graph a neighbour of layer t lies in layers t-1, t, t+1, so two layers are struck out; in a
// directed one all earlier layers are kept. Rounds bound the memory of images; the pool of pages bounds everything.
// Cf. Korf, "Delayed duplicate detection" (2003), of which this is the version in memory.
#include <kernels/error.hpp>
#include <kernels/frontier.hpp>
#include <kernels/page_pool.hpp>
#include <kernels/wide_set.hpp>
#include <search/checkpoint.hpp>
#include <search/device_bucket.hpp>
#include <search/growth.hpp>
#include <search/last_layer.hpp>
#include <search/one_word_set.hpp>
#include <search/packed_graph.hpp>
#include <search/parallel_tasks.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <mutex>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::search {

namespace {

using kernels::page;
using kernels::page_list;

constexpr std::size_t lanes = 64;                          // states that are expanded together
constexpr unsigned most_partition_bits = 12;               // 4096 write streams are about what a core's caches bear
constexpr std::size_t partition_states = 16 * 1024;        // wanted in one set: 512 KiB of slots
constexpr std::size_t serial_states = 16 * 1024;           // below this, starting threads costs more than it saves
constexpr std::size_t least_set = std::size_t{64} << 10;   // bytes of the smallest sets of one thread
constexpr std::size_t set_reserve = std::size_t{2} << 20;  // bytes set aside for the sets of one thread

/// What one thread owns: blocks of states, and its own write stream to each partition.
struct worker {
  aligned_words in;
  aligned_words out;
  std::uint64_t hashes[lanes];
  std::vector<std::uint64_t*> cursors;  // where the next state of a partition goes; nullptr: a page is needed
  std::vector<page_list> images;
  one_word_set narrow;
  kernels::wide_set wide{1};
  std::size_t set_budget = 0;  // bytes that the sets may take before the pool has to give some up

  std::size_t bytes() const noexcept { return in.bytes() + out.bytes() + narrow.bytes() + wide.bytes(); }
};

struct sizes {
  std::size_t pool;
  std::size_t page;
  std::size_t fixed;  // everything else
  std::size_t set;    // of `fixed`, for the sets of one thread
};

/// Splits the budget into buffers of fixed size and the pool. Throws resource_error when it is too small.
sizes split_budget(const packed_graph& graph, const run_context& context) {
  const std::size_t state = graph.words() * sizeof(std::uint64_t);
  const std::size_t page_bytes = std::max<std::size_t>(4096, std::bit_ceil(state * 8 + kernels::page_header_bytes));
  std::size_t moves = 0;
  for (const auto& t : graph.transitions()) {
    moves += sizeof t + t.moves.size() * sizeof(kernels::field_move);
    for (const auto& f : t.fields) moves += sizeof f + f.terms.size() * sizeof(kernels::linear_term);
    for (const auto& f : t.points) moves += sizeof f + f.images.size() * sizeof(f.images[0]);
  }
  const std::size_t blocks = moves + context.threads * 2 * lanes * state;
  const std::size_t least =
      blocks + context.threads * least_set + std::max<std::size_t>(64 * page_bytes, std::size_t{1} << 20);
  if (context.memory_bytes < least) {
    throw resource_error(
        fmt::format("a memory budget of {} bytes is too small: this graph needs at least {} bytes with {} thread{}: "
                    "raise --memory{}",
                    context.memory_bytes, least, context.threads, context.threads == 1 ? "" : "s",
                    context.threads == 1 ? "" : " or lower --threads"));
  }
  const std::size_t set = std::clamp(context.memory_bytes / 8 / context.threads, least_set, set_reserve);
  const std::size_t fixed = blocks + context.threads * set;
  return {context.memory_bytes - fixed, page_bytes, fixed, set};
}

class bucket_search {
 public:
  bucket_search(const graphs::graph_definition& definition, const growth_options& options, const run_context& context)
      : definition_(definition),
        options_(options),
        context_(context),
        graph_(definition, options.max_depth),
        words_(graph_.words()),
        sizes_(split_budget(graph_, context)),
        pool_(sizes_.pool, sizes_.page),
        kernels_(kernels::frontier_kernels_for(options.instructions.value_or(kernels::best_instruction_set()))),
        tasks_(context.threads),
        workers_(context.threads) {
    for (auto& w : workers_) {
      w.in.resize(words_ * lanes);
      w.out.resize(words_ * lanes);
      w.wide = kernels::wide_set(words_);
      w.set_budget = sizes_.set;
    }
  }

  growth_result run() {
    earlier_.resize(1);
    current_.resize(1);
    options_.resume.empty() ? start() : resume();
    while (result_.limit == limit::none) {
      report(true);
      if (options_.max_depth && result_.diameter() >= *options_.max_depth) {
        result_.limit = limit::depth;
        break;
      }
      if (!expand_layer()) break;
    }
    return finish();
  }

 private:
  std::uint64_t count(const std::vector<page_list>& layer) const {
    return std::accumulate(layer.begin(), layer.end(), std::uint64_t{0},
                           [](auto sum, const auto& l) { return sum + l.count; });
  }

  void start() {
    if (!options_.checkpoint.empty()) {
      checkpoint::check_unused(options_.checkpoint);
      writer_.emplace(options_.checkpoint, graph_, definition_.central());
    }
    const auto packed = graph_.pack(definition_.central());
    kernels::append(current_[0], pool_, packed.data(), 1, words_);
    result_.layers = {1};
    save_layer();
  }

  /// Takes up the layers of a checkpoint: the last one is current, those before it are earlier.
  void resume() {
    const auto saved = checkpoint::read(options_.resume, graph_, definition_.central());
    const std::uint64_t last = saved.sizes.size() - 1;
    if (options_.max_depth && last > *options_.max_depth) {
      throw domain_error(fmt::format("--resume {}: it holds depth {} already, beyond --max-depth {}", options_.resume,
                                     last, *options_.max_depth));
    }
    const std::uint64_t first = graph_.is_inverse_closed() ? last - std::min<std::uint64_t>(last, 1) : 0;
    for (std::uint64_t depth = first; depth <= last; ++depth) {
      auto& layer = depth == last ? current_[0] : earlier_[0];
      saved.read_layer(options_.resume, depth, words_, [&](std::span<const std::uint64_t> states) {
        if (!kernels::append(layer, pool_, states.data(), states.size() / words_, words_)) {
          throw resource_error(
              fmt::format("--resume {}: its layers do not fit the memory budget: raise --memory", options_.resume));
        }
      });
    }
    result_.layers = saved.sizes;
    if (options_.checkpoint.empty()) return;
    const bool same_folder = checkpoint::is_same_folder(options_.checkpoint, options_.resume);
    if (!same_folder) checkpoint::check_unused(options_.checkpoint);
    writer_.emplace(options_.checkpoint, graph_, definition_.central());
    writer_->adopt(saved.sizes, saved.sums);
    if (same_folder) return;
    for (std::uint64_t depth = first; depth <= last; ++depth) {  // a checkpoint elsewhere is complete in itself
      writer_->begin_layer(depth);
      saved.read_layer(options_.resume, depth, words_, [&](std::span<const std::uint64_t> states) {
        writer_->add(states.data(), states.size() / words_);
      });
      writer_->adopt({saved.sizes.begin(), saved.sizes.begin() + static_cast<std::ptrdiff_t>(depth)},
                     {saved.sums.begin(), saved.sums.begin() + static_cast<std::ptrdiff_t>(depth)});
      writer_->end_layer();
    }
  }

  void save_layer() {
    if (!writer_) return;
    writer_->begin_layer(result_.diameter());
    for (const auto& list : current_) {
      for (const page* at = list.head; at != nullptr; at = at->next) writer_->add(states_of(at), at->used);
    }
    writer_->end_layer();
  }

  /// Runs task(i, worker) for i < n, on all cores when the work is worth it.
  template <class Task>
  void for_each(std::size_t n, bool parallel, const Task& task) {
    tasks_.run(n, parallel, [&](std::size_t i, std::size_t thread) {
      if (!halted()) task(i, workers_[thread]);
    });
  }

  bool halted() const { return halt_.load(std::memory_order_relaxed) != limit::none; }

  void check_limits() {
    if (context_.expired()) halt_ = limit::time;
    if (context_.stop.stop_requested()) halt_ = limit::interrupt;
  }

  /// Computes the next layer; false when there is none or a limit was reached (result_.limit says which).
  bool expand_layer() {
    const std::uint64_t images = count(current_) * graph_.transitions().size();
    const auto expected = static_cast<std::uint64_t>(static_cast<double>(images) * std::min(1.0, 1.25 * fresh_ratio_));
    choose_partitions(std::max<std::uint64_t>(expected, 1));
    if (halted()) layer_lost_ = true;  // while it was being split
    next_.assign(current_.size(), {});
    expanded_ = 0;
    distinct_ = 0;
    std::vector<page*> pages;
    for (const auto& list : current_) {
      for (page* p = list.head; p != nullptr; p = p->next) pages.push_back(p);
    }
    for (std::size_t begin = 0; begin < pages.size() && !halted();) {
      const std::size_t end = round_end(pages, begin);
      if (end == begin) break;
      round(std::span(pages).subspan(begin, end - begin));
      begin = end;
    }
    if (halted()) {
      result_.limit = halt_;
      for (auto& list : next_) kernels::release(list, pool_);
      return false;
    }
    if (images > 0) fresh_ratio_ = static_cast<double>(distinct_) / static_cast<double>(images);
    const std::uint64_t found = count(next_);
    if (found == 0) return false;
    advance();
    expanded_ = 0;
    result_.layers.push_back(found);
    save_layer();
    return true;
  }

  /// The next layer becomes the current one.
  void advance() {
    for (std::size_t p = 0; p < current_.size(); ++p) {
      if (graph_.is_inverse_closed()) kernels::release(earlier_[p], pool_);
      earlier_[p].splice(current_[p]);
    }
    std::swap(current_, next_);
  }

  /// As many pages as can be expanded at once: their images take at most a quarter of the pool, and are not more than
  /// needed to make striking out the known layers again a small part of the work.
  std::size_t round_end(const std::vector<page*>& pages, std::size_t begin) {
    const std::size_t per_page = pool_.states_per_page(words_);
    const std::size_t partly_filled = context_.threads * current_.size();
    const std::size_t free = pool_.available();
    const std::size_t known = (count(current_) + count(earlier_)) / per_page + 1;
    const std::size_t wanted =
        std::max<std::size_t>(2 * known, (std::size_t{64} << 20) / pool_.page_bytes()) + partly_filled;
    std::size_t allowed = std::min({wanted, pool_.available() / 2, sizes_.pool / pool_.page_bytes() / 4 + 1});
    allowed -= std::min(allowed, partly_filled);
    std::size_t end = begin;
    for (std::size_t used = 0; end < pages.size(); ++end) {
      used += (pages[end]->used * graph_.transitions().size() + per_page - 1) / per_page;
      if (used > allowed && (end > begin || used + partly_filled > free)) break;
    }
    // Many rounds this small would do little but strike out the known layers over and over: the memory is spent.
    if (end == begin || (end < pages.size() && allowed < known / 8)) halt_ = limit::memory;
    return halted() ? begin : end;
  }

  void round(std::span<page* const> pages) {
    const bool parallel = pages.size() * pool_.states_per_page(words_) * graph_.transitions().size() >= serial_states;
    for (auto& w : workers_) {
      w.cursors.assign(current_.size(), nullptr);
      w.images.assign(current_.size(), {});
    }
    for_each(pages.size(), parallel, [&](std::size_t i, worker& w) {
      expand_page(*pages[i], w);
      expanded_ += pages[i]->used;
      check_limits();
      report(false);
    });
    for (auto& w : workers_) close_pages(w);
    for_each(current_.size(), parallel, [&](std::size_t p, worker& w) {
      if (words_ == 1) {
        deduplicate(p, w, w.narrow, [&](std::size_t expected) { w.narrow.reset(kernels_, expected, bits_); });
      } else {
        deduplicate(p, w, w.wide, [&](std::size_t expected) { w.wide.reset(expected, bits_); });
      }
      check_limits();
      report(false);
    });
    for (auto& w : workers_) {
      for (auto& list : w.images) kernels::release(list, pool_);  // of partitions that a halt left alone
    }
  }

  void expand_page(page& source, worker& w) {
    const std::uint64_t* states = kernels::page_states(&source);
    for (std::size_t begin = 0; begin < source.used; begin += lanes) {
      const std::size_t n = std::min<std::size_t>(lanes, source.used - begin);
      const std::size_t padded = (n + 7) / 8 * 8;
      for (std::size_t i = 0; i < padded; ++i) {
        const std::uint64_t* s = states + (begin + std::min(i, n - 1)) * words_;
        for (std::size_t word = 0; word < words_; ++word) w.in.data()[word * padded + i] = s[word];
      }
      for (const auto& t : graph_.transitions()) {
        kernels_.apply(t, w.in.data(), w.out.data(), words_, padded);
        if (bits_ > 0) kernels_.hash(w.out.data(), w.hashes, words_, padded);
        words_ == 1 ? scatter<1>(w, n, padded) : scatter<0>(w, n, padded);
        if (halted()) return;
      }
    }
  }

  /// Appends the first n states of the block w.out to the pages of their partitions.
  template <std::size_t Words>
  void scatter(worker& w, std::size_t n, std::size_t padded) {
    const std::size_t words = Words != 0 ? Words : words_;
    const std::size_t state_bytes = words * sizeof(std::uint64_t);
    const std::size_t offset_mask = sizes_.page - 1;
    const std::uint64_t* block = w.out.data();
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t p = bits_ == 0 ? 0 : w.hashes[i] >> (64 - bits_);
      std::uint64_t* to = w.cursors[p];
      if (to == nullptr) [[unlikely]] {
        to = open_page(w.images[p]);
        if (to == nullptr) return;
      }
      for (std::size_t word = 0; word < words; ++word) to[word] = block[word * padded + i];
      to += words;
      const std::size_t offset = reinterpret_cast<std::uintptr_t>(to) & offset_mask;
      w.cursors[p] = offset == 0 || offset + state_bytes > sizes_.page ? nullptr : to;
    }
  }

  std::uint64_t* open_page(page_list& list) {
    page* fresh = pool_.take();
    if (fresh == nullptr) {
      halt_ = limit::memory;
      return nullptr;
    }
    fresh->used = pool_.states_per_page(words_);  // corrected when the round closes
    (list.tail != nullptr ? list.tail->next : list.head) = fresh;
    list.tail = fresh;
    list.count += fresh->used;
    return kernels::page_states(fresh);
  }

  void close_pages(worker& w) const {
    for (std::size_t p = 0; p < w.images.size(); ++p) {
      if (w.cursors[p] == nullptr) continue;
      auto& list = w.images[p];
      list.count -= list.tail->used;
      list.tail->used = static_cast<std::uint64_t>(w.cursors[p] - kernels::page_states(list.tail)) / words_;
      list.count += list.tail->used;
    }
  }

  /// The images of partition p that are new go to the next layer.
  template <class Set, class Reset>
  void deduplicate(std::size_t p, worker& w, Set& set, const Reset& reset) {
    page_list images;
    for (auto& other : workers_) images.splice(other.images[p]);
    if (images.empty()) return;
    reset(static_cast<std::size_t>(static_cast<double>(images.count) * std::min(1.0, 1.25 * fresh_ratio_)) + 64);
    for (const page* at = images.head; at != nullptr; at = at->next) set.insert(states_of(at), at->used);
    for (const page_list* known : {&earlier_[p], &current_[p], &next_[p]}) {
      for (const page* at = known->head; at != nullptr; at = at->next) set.strike(states_of(at), at->used);
    }
    kernels::release(images, pool_);
    std::size_t fresh = 0;
    const std::uint64_t* states = set.emit(fresh);
    distinct_ += set.size();
    if (!kernels::append(next_[p], pool_, states, fresh, words_)) halt_ = limit::memory;
    if (const std::size_t used = set.bytes(); used > w.set_budget) {
      if (!pool_.set_aside(used - w.set_budget)) halt_ = limit::memory;
      w.set_budget = used;
    }
  }

  static const std::uint64_t* states_of(const page* p) { return kernels::page_states(const_cast<page*>(p)); }

  /// Sets the number of partitions so that a set of about `expected` / partitions states fits the cache.
  void choose_partitions(std::uint64_t expected) {
    // Bytes a state at the worst point of growth: one-word slots and emitted states; or states, slots and marks.
    const std::size_t set_bytes = words_ == 1 ? 40 : 16 * words_ + 56;
    std::uint64_t wanted = std::bit_ceil(expected / std::min(partition_states, sizes_.set / set_bytes + 1) + 1);
    if (expected > serial_states && context_.threads > 1)
      wanted = std::max<std::uint64_t>(wanted, std::bit_ceil(4U * context_.threads));
    auto bits = static_cast<unsigned>(std::bit_width(wanted) - 1);
    // Every list may leave a page half empty: keep that within an eighth of the pool.
    const std::size_t most_lists = sizes_.pool / sizes_.page / 8 / (context_.threads + 3) + 1;
    bits = std::min({bits, most_partition_bits, static_cast<unsigned>(std::bit_width(most_lists) - 1)});
    if (bits == bits_) return;
    const unsigned old = std::exchange(bits_, bits);
    for (auto* layer : {&earlier_, &current_}) bits > old ? split(*layer, bits - old) : merge(*layer, old - bits);
  }

  static void merge(std::vector<page_list>& layer, unsigned fewer_bits) {
    std::vector<page_list> merged(layer.size() >> fewer_bits);
    for (std::size_t p = 0; p < layer.size(); ++p) merged[p >> fewer_bits].splice(layer[p]);
    layer = std::move(merged);
  }

  void split(std::vector<page_list>& layer, unsigned more_bits) {
    std::vector<page_list> parts(layer.size() << more_bits);
    for_each(layer.size(), count(layer) > serial_states, [&](std::size_t p, worker&) {
      for (page* at = layer[p].head; at != nullptr;) {
        const std::uint64_t* states = kernels::page_states(at);
        for (std::size_t i = 0; i < at->used; ++i) {
          const auto part = kernels::state_hash(states + i * words_, words_) >> (64 - bits_);
          if (!kernels::append(parts[part], pool_, states + i * words_, 1, words_)) halt_ = limit::memory;
        }
        page* done = std::exchange(at, at->next);
        done->next = nullptr;
        pool_.give(done);
      }
      layer[p] = {};
    });
    layer = std::move(parts);
  }

  void report(bool layer_complete) {
    if (!context_.observer) return;
    const auto now = std::chrono::steady_clock::now();
    const std::unique_lock lock(report_mutex_, std::try_to_lock);
    if (!lock || (!layer_complete && now - last_report_ < std::chrono::milliseconds(100))) return;
    last_report_ = now;
    context_.observer({result_.diameter(), result_.layers.back(), expanded_, result_.states(),
                       std::chrono::duration<double>(now - start_).count(), pool_.peak_bytes() + sizes_.fixed,
                       layer_complete});
  }

  growth_result finish() {
    result_.certified = definition_.known().vertices == mpz_class(result_.states());
    if (result_.limit == limit::depth && result_.certified) result_.limit = limit::none;
    result_.status = result_.limit == limit::none        ? status::exact
                     : result_.limit == limit::interrupt ? status::interrupted
                                                         : status::lower_bound;
    least_states least(options_.last_layer);
    const bool wanted = options_.last_layer > 0 && !(options_.last_layer_only_whole && result_.layers.back() > options_.last_layer);
    if (wanted && !layer_lost_) {
      for (const auto& list : current_) {
        for (const page* at = list.head; at != nullptr; at = at->next) {
          for (std::size_t i = 0; i < at->used; ++i) least.add(graph_.unpack(states_of(at) + i * words_));
        }
      }
    }
    result_.last_layer = std::move(least).take();
    result_.engine = "bucket";
    result_.kernel = kernels::to_string(kernels_.set);
    result_.threads = context_.threads;
    result_.bits_per_state = 64.0 * static_cast<double>(words_);
    result_.peak_bytes = pool_.peak_bytes();
    for (const auto& w : workers_) result_.peak_bytes += w.bytes();
    result_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    return std::move(result_);
  }

  const graphs::graph_definition& definition_;
  const growth_options& options_;
  const run_context& context_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  packed_graph graph_;
  std::size_t words_;
  sizes sizes_;
  kernels::page_pool pool_;
  std::optional<checkpoint_writer> writer_;
  const kernels::frontier_kernels& kernels_;
  parallel_tasks tasks_;
  std::vector<worker> workers_;

  unsigned bits_ = 0;               // log2 of the number of partitions
  std::vector<page_list> earlier_;  // the previous layer, or, in a directed graph, all layers before the current one
  std::vector<page_list> current_;
  std::vector<page_list> next_;
  bool layer_lost_ = false;  // the pool ran dry while the current layer was moved
  double fresh_ratio_ = 1;   // distinct images / images, in the latest layer
  std::atomic<std::uint64_t> distinct_ = 0;
  std::atomic<std::uint64_t> expanded_ = 0;
  std::atomic<limit> halt_ = limit::none;
  std::mutex report_mutex_;
  std::chrono::steady_clock::time_point last_report_{};
  growth_result result_;
};

class bucket_engine final : public growth_engine {
 public:
  std::string_view name() const noexcept override { return "bucket"; }

  growth_plan plan(const graphs::graph_definition& graph, const growth_options& options,
                   const run_context& context) const override {
    const packed_graph packed(graph, options.max_depth);
    if (options.device) return {"bucket", fmt::format("bucket on {}", options.device->device()), 0, packed.words() * sizeof(std::uint64_t), !packed.is_inverse_closed()};
    const auto split = split_budget(packed, context);
    growth_plan plan{"bucket", "", split.fixed, packed.words() * sizeof(std::uint64_t), !packed.is_inverse_closed()};
    plan.text = fmt::format(
        "bucket: {} of {} bits a state; keeps {}; {} bytes of fixed buffers, {} for layers and images, of which images "
        "take at most "
        "a quarter; {} thread{}",
        packed.bits(), packed.words() * 64, plan.keeps_all_layers ? "all layers (directed)" : "three layers",
        split.fixed, split.pool, context.threads, context.threads == 1 ? "" : "s");
    const std::size_t kept =
        options.last_layer * (sizeof(graphs::state) + graph.central().size() * sizeof(graph.central()[0]));
    if (options.last_layer > context.memory_bytes || kept > context.memory_bytes / 2) {
      throw resource_error(
          fmt::format("--last-layer {}: the states may take {} bytes, half of the memory budget of {} is the limit",
                      options.last_layer, kept, context.memory_bytes));
    }
    if (!options.max_depth && !context.deadline) refuse_hopeless(graph, plan, split.pool);
    return plan;
  }

  growth_result run(const graphs::graph_definition& graph, const growth_options& options,
                    const run_context& context) const override {
    if (!options.save_distances.empty()) throw domain_error("the bucket engine keeps no table of distances: use --engine tower");
    if (options.device) return grow_on_device(graph, options, context, *options.device);
    if (options.planned) options.planned(plan(graph, options, context));
    return bucket_search(graph, options, context).run();
  }

 private:
  /// Where the number of states is known, some of the memory is certain to be needed: all states of a directed graph;
  /// of an undirected one, with a known diameter, three layers around the largest, which is at least the mean one.
  static void refuse_hopeless(const graphs::graph_definition& graph, const growth_plan& plan, std::size_t pool) {
    const auto& known = graph.known();
    if (!known.vertices) return;
    mpz_class least = *known.vertices * static_cast<unsigned long>(plan.state_bytes);
    if (!plan.keeps_all_layers) {
      if (!known.diameter) return;
      least = least / (*known.diameter + 1);
    }
    if (least <= mpz_class(static_cast<unsigned long>(pool))) return;
    throw resource_error(fmt::format(
        "{}: {} states at {} bytes: {} need at least {} bytes, the memory budget leaves {}: raise --memory, or compute "
        "a part with "
        "--max-depth or --time",
        graph.spec(), known.vertices->get_str(), plan.state_bytes,
        plan.keeps_all_layers ? "all of them are kept and" : "the largest layer will", least.get_str(), pool));
  }
};

}  // namespace

std::unique_ptr<growth_engine> make_bucket_engine() {
  return std::make_unique<bucket_engine>();
}

}  // namespace cosetta::search
