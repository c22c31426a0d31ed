#include <search/split_moves.hpp>

#include <algorithm>
#include <optional>

namespace cosetta::search {

namespace {

constexpr std::uint64_t bit(std::uint64_t i) {
  return std::uint64_t{1} << i;
}

/// `pattern` with its bits at `positions` moved to bits 0, 1, ... and back.
std::uint64_t dealt(std::uint64_t values, const std::vector<std::uint32_t>& positions) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) out |= (values >> i & 1U) << positions[i];
  return out;
}

std::uint64_t union_of(const std::vector<std::uint32_t>& positions) {
  std::uint64_t out = 0;
  for (const auto p : positions) out |= bit(p);
  return out;
}

/// Members of one longest increasing subsequence.
std::vector<bool> longest_increasing(const std::vector<std::uint32_t>& values) {
  std::vector<std::size_t> length(values.size(), 1);
  std::vector<std::size_t> before(values.size(), values.size());
  std::size_t best = values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (values[j] < values[i] && length[j] + 1 > length[i]) {
        length[i] = length[j] + 1;
        before[i] = j;
      }
    }
    if (best == values.size() || length[i] >= length[best]) best = i;
  }
  std::vector<bool> member(values.size());
  for (std::size_t i = best; i != values.size(); i = before[i]) member[i] = true;
  return member;
}

// ns on a word of a target row, Zen 4.
constexpr double compress_cost = 0.8;
constexpr double expand_cost = 0.8;
constexpr double segment_cost = 0.2;
constexpr double shift_cost = 0.15;
constexpr unsigned most_fixed = 4;       // positions with given values: 2^4 cylinders
constexpr unsigned most_incoming = 3;    // c
constexpr std::size_t most_shifts = 48;  // of a line

}  // namespace

struct split_moves::shape {
  unsigned columns = 0;
  std::vector<std::uint32_t> incoming;       // positions of A fed from B
  std::vector<std::uint32_t> incoming_rows;  // by bit of B
  std::vector<std::uint32_t> outgoing;       // positions of A that feed B
  std::vector<std::uint32_t> outgoing_rows;  // by bit of B
  std::vector<std::uint32_t> targets;        // the others of A, ascending
  std::vector<std::uint32_t> sources;        // and where they come from
  std::vector<std::uint32_t> fixed_targets;  // those of them that get given values
  std::vector<std::uint32_t> fixed_sources;
  bool rows_stay = true;  // no position of B is moved

  shape(const split_generator& generator, unsigned columns_in) : columns(columns_in) {
    std::uint64_t used = 0;
    for (std::uint32_t i = 0; i < columns; ++i) {
      if (generator[i] >= columns) {
        incoming.push_back(i);
        incoming_rows.push_back(generator[i] - columns);
      } else {
        targets.push_back(i);
        sources.push_back(generator[i]);
        used |= bit(generator[i]);
      }
    }
    for (std::uint32_t i = 0; i < columns; ++i) {
      if ((used & bit(i)) == 0) outgoing.push_back(i);
    }
    outgoing_rows.resize(outgoing.size());
    for (std::uint32_t i = columns; i < generator.size(); ++i) {
      if (generator[i] != i) rows_stay = false;
      if (generator[i] >= columns) continue;
      const auto at = std::find(outgoing.begin(), outgoing.end(), generator[i]) - outgoing.begin();
      outgoing_rows[static_cast<std::size_t>(at)] = i - columns;
    }
    const auto kept = longest_increasing(sources);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (kept[i]) continue;
      fixed_targets.push_back(targets[i]);
      fixed_sources.push_back(sources[i]);
    }
  }

  bool columns_stay() const { return incoming.empty() && targets == sources; }

  /// The source pattern of a target pattern, given the outgoing bits.
  std::uint64_t source_of(std::uint64_t pattern, std::uint64_t q) const {
    std::uint64_t out = dealt(q, outgoing);
    for (std::size_t i = 0; i < targets.size(); ++i) out |= (pattern >> targets[i] & 1U) << sources[i];
    return out;
  }

  cylinder source_cylinder(std::uint64_t q, std::uint64_t y) const {
    return {union_of(outgoing) | union_of(fixed_sources), dealt(q, outgoing) | dealt(y, fixed_sources)};
  }
  cylinder target_cylinder(std::uint64_t x, std::uint64_t y) const {
    return {union_of(incoming) | union_of(fixed_targets), dealt(x, incoming) | dealt(y, fixed_targets)};
  }
  static bool is_segment(const cylinder& c, unsigned columns) {
    return (c.positions | ((bit(columns) - 1) >> __builtin_popcountll(c.positions))) == bit(columns) - 1;
  }

  double cylinder_cost() const {
    const auto c = static_cast<unsigned>(incoming.size());
    const auto d = static_cast<unsigned>(fixed_targets.size());
    if (c > most_incoming || c + d > most_fixed) return not_served;
    double sum = 0;
    for (std::uint64_t x = 0; x < bit(c); ++x) {
      for (std::uint64_t y = 0; y < bit(d); ++y) {
        const cylinder from = source_cylinder(0, y);
        const cylinder to = target_cylinder(x, y);
        if (c == 0 && rows_stay && from.positions == to.positions && from.values == to.values) continue;
        const bool a = is_segment(from, columns);
        const bool b = is_segment(to, columns);
        sum += (a ? 0 : compress_cost) + (b ? 0 : expand_cost) + (a || b ? segment_cost : 0);
      }
    }
    return sum;
  }

  /// From the distances that the columns of some lines of the fullest weight go.
  double shift_cost_of(unsigned ones, unsigned all) const {
    if (incoming.size() > most_incoming) return not_served;
    const auto weight = std::min(ones, std::max(1U, (columns * ones + all / 2) / all));
    const std::uint64_t length = binomial(static_cast<int>(columns), static_cast<int>(weight));
    const split_index index(columns, 0, weight);
    constexpr std::uint64_t samples = 3;
    std::size_t most = 0;
    std::size_t sum = 0;
    std::vector<std::pair<std::uint64_t, std::int64_t>> distances;
    for (std::uint64_t sample = 0; sample < samples; ++sample) {
      const std::uint64_t begin = (2 * sample + 1) * length / (2 * samples) / 512 * 512;
      std::uint64_t pattern = index.unrank(begin, weight);
      distances.clear();
      for (std::uint64_t i = begin; i < std::min(length, begin + 512); ++i, pattern = next_pattern(pattern)) {
        std::uint64_t x = 0;
        for (const auto p : incoming) x = 2 * x + (pattern >> p & 1U);
        const auto distance = static_cast<std::int64_t>(split_index::rank(source_of(pattern, 0)) - i);
        if (incoming.empty() && rows_stay && distance == 0) continue;
        const std::pair key{x, distance};
        if (std::find(distances.begin(), distances.end(), key) != distances.end()) continue;
        distances.push_back(key);
        if (distances.size() > most_shifts) return not_served;
      }
      most = std::max(most, distances.size());
      sum += distances.size();
    }
    return 0.1 + shift_cost * static_cast<double>(sum) / samples;
  }
};

column_cost split_moves::cost_of(const split_generator& generator, unsigned columns, unsigned ones) {
  const shape s(generator, columns);
  if (s.columns_stay()) return {0.15, not_served};
  return {s.cylinder_cost(), s.shift_cost_of(ones, static_cast<unsigned>(generator.size()))};
}

bool split_moves::is_segment(const cylinder& c) const noexcept {
  return shape::is_segment(c, index_->columns());
}

mask_place split_moves::mask_of(const cylinder& c, unsigned weight) {
  const auto [at, added] = mask_places_.try_emplace({c.positions, c.values, weight});
  if (!added) return at->second;
  at->second = {masks_.size(), block_offsets_.size()};
  const std::size_t first = masks_.size();
  masks_.resize(first + kernels::words_per_line * index_->lines_of(weight));
  std::uint64_t pattern = bit(weight) - 1;
  const std::uint64_t length = index_->bits_of(weight);
  const std::uint64_t block_bits = 512 * std::uint64_t{index_->block_lines()};
  std::uint32_t sum = 0;
  for (std::uint64_t i = 0; i < length; ++i) {
    if (i % block_bits == 0) block_offsets_.push_back(sum);
    if ((pattern & c.positions) == c.values) {
      masks_[first + i / 64] |= bit(i % 64);
      ++sum;
    }
    if (i + 1 < length) pattern = next_pattern(pattern);
  }
  block_offsets_.push_back(sum);
  return at->second;
}

/// Which blocks of the source hold the cylinder, and which of them each block of the target reads.
void split_moves::add_reads(cylinder_step& step, unsigned target_weight, unsigned source_weight) {
  const std::uint32_t source_blocks = index_->blocks_of(source_weight);
  const std::uint64_t block_bits = 512 * std::uint64_t{index_->block_lines()};
  // Blocks of the source that hold bits [begin, end) of the stream.
  const auto holders = [&](std::uint64_t begin, std::uint64_t end) {
    std::uint64_t out = 0;
    for (std::uint32_t b = 0; b < source_blocks && begin < end; ++b) {
      std::uint64_t first = block_bits * b;
      std::uint64_t last = first + block_bits;
      if (step.source_mask.exists()) {
        first = block_offsets_[step.source_mask.offset + b];
        last = block_offsets_[step.source_mask.offset + b + 1];
      } else {
        first = first > step.source_from ? first - step.source_from : 0;
        last = last > step.source_from ? last - step.source_from : 0;
      }
      if (first < end && begin < last && first < last) out |= bit(b);
    }
    return out;
  };
  step.source_blocks = holders(0, step.bits);
  step.target_blocks = index_->blocks_of(target_weight);
  if (!step.target_mask.exists()) return;
  step.reads = reads_.size();
  for (std::uint32_t b = 0; b < step.target_blocks; ++b) {
    reads_.push_back(
        holders(block_offsets_[step.target_mask.offset + b], block_offsets_[step.target_mask.offset + b + 1]));
  }
}

column_program split_moves::compile_cylinders(const shape& s, unsigned target_weight, unsigned source_weight,
                                              std::uint32_t q, std::uint32_t x) {
  column_program out;
  out.how = column_program::kind::cylinders;
  out.first = static_cast<std::uint32_t>(steps_.size());
  out.identity = s.targets == s.sources;
  for (std::uint64_t y = 0; y < bit(static_cast<std::uint32_t>(s.fixed_targets.size())); ++y) {
    const cylinder from = s.source_cylinder(q, y);
    const cylinder to = s.target_cylinder(x, y);
    const bool same = from.positions == to.positions && from.values == to.values;
    if (!same) out.identity = false;
    if (same && s.incoming.empty() && s.rows_stay) continue;
    const unsigned given = static_cast<unsigned>(__builtin_popcountll(to.values));
    if (given > target_weight) continue;
    const int free_positions = static_cast<int>(s.columns) - __builtin_popcountll(to.positions);
    const unsigned free_ones = target_weight - given;
    cylinder_step step;
    step.bits = binomial(free_positions, static_cast<int>(free_ones));
    if (step.bits == 0) continue;
    const std::uint64_t low = bit(free_ones) - 1;
    if (is_segment(from)) {
      step.source_from = split_index::rank(from.values | low);
    } else {
      step.source_mask = mask_of(from, source_weight);
    }
    if (is_segment(to)) {
      step.target_from = split_index::rank(to.values | low);
    } else {
      step.target_mask = mask_of(to, target_weight);
    }
    step.source_words = static_cast<std::uint32_t>(kernels::words_per_line * index_->lines_of(source_weight));
    add_reads(step, target_weight, source_weight);
    steps_.push_back(step);
  }
  out.count = static_cast<std::uint32_t>(steps_.size()) - out.first;
  if (out.count == 0) return {};
  return out;
}

column_program split_moves::compile_shifts(const shape& s, unsigned target_weight, std::uint32_t q, std::uint32_t x) {
  column_program out;
  out.how = column_program::kind::shifts;
  out.first = static_cast<std::uint32_t>(shifted_lines_.size());
  out.first_shift = shifts_.size();
  out.identity = true;
  const cylinder to = {union_of(s.incoming), dealt(x, s.incoming)};
  std::uint64_t pattern = bit(target_weight) - 1;
  const std::uint64_t length = index_->bits_of(target_weight);
  std::vector<std::pair<std::int64_t, line_mask>> distances;  // of one line
  std::uint64_t read = 0;                                     // blocks
  for (std::uint64_t i = 0; i < length; ++i) {
    if ((pattern & to.positions) == to.values) {
      const auto distance = static_cast<std::int64_t>(split_index::rank(s.source_of(pattern, q)) - i);
      if (distance != 0) out.identity = false;
      if (distance != 0 || !s.incoming.empty() || !s.rows_stay) {
        auto at = std::find_if(distances.begin(), distances.end(), [&](const auto& d) { return d.first == distance; });
        if (at == distances.end()) at = distances.insert(at, {distance, line_mask{}});
        read |= bit((static_cast<std::uint64_t>(static_cast<std::int64_t>(i) + distance) / 512) >> index_->block_log());
        at->second.words[i / 64 % kernels::words_per_line] |= bit(i % 64);
      }
    }
    const bool line_ends = i % 512 == 511 || i + 1 == length;
    if (line_ends && !distances.empty()) {
      shifted_lines_.push_back(
          {read, static_cast<std::uint32_t>(i / 512), static_cast<std::uint32_t>(distances.size())});
      read = 0;
      for (const auto& [d, mask] : distances) {
        shifts_.push_back({static_cast<std::int32_t>(d >> 6), static_cast<std::uint32_t>(d & 63)});
        shift_masks_.push_back(mask);
      }
      distances.clear();
    }
    if (i + 1 < length) pattern = next_pattern(pattern);
  }
  out.count = static_cast<std::uint32_t>(shifted_lines_.size()) - out.first;
  if (out.count == 0) return {};
  return out;
}

void split_moves::compile(const split_generator& generator) {
  const shape s(generator, index_->columns());
  const auto cost = cost_of(generator, index_->columns(), index_->ones());
  generator_moves g;
  const auto c = static_cast<unsigned>(s.incoming.size());
  g.incoming = c;
  g.row_tables.resize(256 * ((index_->rows() + 7) / 8));
  const auto add = [&](std::uint32_t from, std::uint32_t value) {  // a bit of r' and what it means
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      if ((byte >> (from % 8) & 1U) != 0) g.row_tables[256 * (from / 8) + byte] |= value;
    }
  };
  for (std::uint32_t i = 0; i < index_->rows(); ++i) {
    const std::uint32_t source = generator[index_->columns() + i];
    if (source >= index_->columns()) add(i, std::uint32_t{1} << (source - index_->columns()));
  }
  for (std::uint32_t i = 0; i < c; ++i) {
    add(s.outgoing_rows[i], std::uint32_t{1} << (generator_moves::source_bits + i));
  }
  for (std::uint64_t x = 0; x < bit(c); ++x) {
    g.incoming_bits.push_back(static_cast<std::uint32_t>(dealt(x, s.incoming_rows)));
  }
  for (unsigned weight = index_->least_weight(); weight <= index_->most_weight(); ++weight) {
    for (std::uint32_t q = 0; q < bit(c); ++q) {
      for (std::uint32_t x = 0; x < bit(c); ++x) {
        // As many ones in r, but for those that came and went.
        const int source_weight = static_cast<int>(weight) + __builtin_popcount(q) - __builtin_popcount(x);
        column_program program;
        if (index_->is_weight(source_weight)) {
          if (s.columns_stay()) {
            program.how = column_program::kind::whole_row;
            program.identity = true;
          } else if (cost.cylinders <= cost.shifts) {
            program = compile_cylinders(s, weight, static_cast<unsigned>(source_weight), q, x);
          } else {
            program = compile_shifts(s, weight, q, x);
          }
        }
        g.programs.push_back(program);
      }
    }
  }
  generators_.push_back(std::move(g));
}

split_moves::split_moves(const split_index& index, const std::vector<split_generator>& generators) : index_(&index) {
  for (const auto& g : generators) compile(g);
  mask_places_.clear();
  index_ = nullptr;
}

std::size_t split_moves::bytes() const noexcept {
  std::size_t sum = sizeof(cylinder_step) * steps_.size() + sizeof(std::uint64_t) * (masks_.size() + reads_.size()) +
                    sizeof(std::uint32_t) * block_offsets_.size() +
                    sizeof(kernels::shifted_line) * shifted_lines_.size() +
                    sizeof(kernels::line_shift) * shifts_.size() + sizeof(line_mask) * shift_masks_.size();
  for (const auto& g : generators_) {
    sum += sizeof(std::uint32_t) * (g.row_tables.size() + g.incoming_bits.size()) +
           sizeof(column_program) * g.programs.size();
  }
  return sum;
}

}  // namespace cosetta::search
