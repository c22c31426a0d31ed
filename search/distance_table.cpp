#include <kernels/error.hpp>
#include <search/distance_table.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cosetta::search {

namespace {

static_assert(std::endian::native == std::endian::little, "tables are mapped as they are");

using nlohmann::ordered_json;

constexpr std::array<char, 16> magic{'c', 'o', 's', 'e', 't', 't', 'a', '.', 'd', 'i', 's', 't', 'a', 'n', 'c', 'e'};
constexpr std::size_t page = 4096;

struct prologue {
  std::array<char, 16> magic;
  std::uint32_t version;
  std::uint32_t description_bytes;
  std::uint64_t table_offset;
  std::uint64_t description_sum;
};
static_assert(sizeof(prologue) == 40);

/// Four chains over the words, then the rest byte by byte. Each step is a bijection of its chain, so that one changed word
/// always shows.
std::uint64_t checksum(const void* data, std::size_t bytes) {
  constexpr std::uint64_t odd = 0xd6e8feb86659fd93;
  std::uint64_t chain[4] = {1, 2, 3, 4};
  const auto* at = static_cast<const unsigned char*>(data);
  std::size_t left = bytes;
  for (; left >= 32; left -= 32, at += 32) {
    std::uint64_t words[4];
    std::memcpy(words, at, 32);
    for (int i = 0; i < 4; ++i) chain[i] = (std::rotl(chain[i], 29) ^ words[i]) * odd;
  }
  std::uint64_t sum = bytes;
  for (const auto c : chain) sum = (std::rotl(sum, 29) ^ c) * odd;
  for (; left > 0; --left, ++at) sum = (std::rotl(sum, 29) ^ *at) * odd;
  return sum ^ sum >> 32;
}

/// The generators in their order and the central state; not their names.
std::uint64_t fingerprint(const graphs::graph_definition& graph) {
  std::vector<std::uint64_t> words{graph.degree(), graph.generator_count()};
  if (const auto* permutations = graph.permutations()) {
    for (const auto& p : permutations->elements()) {
      for (std::size_t i = 0; i < graph.degree(); ++i) words.push_back(p[i]);
    }
  } else {
    words.push_back(graph.modulus());
    words.push_back(graph.columns());
    for (const auto& g : graph.matrices()->elements()) words.insert(words.end(), g.entries().begin(), g.entries().end());
  }
  words.insert(words.end(), graph.central().begin(), graph.central().end());
  return checksum(words.data(), words.size() * sizeof words[0]);
}

std::size_t table_bytes(distance_table::kind kind, std::uint64_t index_size) {
  return kind == distance_table::kind::residues ? index_size / 4 : index_size;
}

constexpr std::array layouts{std::pair{tower_layout::automatic, "auto"}, std::pair{tower_layout::words, "words"}, std::pair{tower_layout::vectors, "vectors"}};

const char* to_string(tower_layout layout) {
  return std::ranges::find(layouts, layout, [](const auto& l) { return l.first; })->second;
}
/// Throws std::invalid_argument.
tower_layout tower_layout_of(const std::string& name) {
  for (const auto& [layout, text] : layouts) {
    if (name == text) return layout;
  }
  throw std::invalid_argument("no layout " + name);
}

bool write_all(int descriptor, const void* data, std::size_t bytes) {
  const auto* at = static_cast<const char*>(data);
  while (bytes > 0) {
    const auto done = ::write(descriptor, at, std::min(bytes, std::size_t{1} << 30));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    at += done, bytes -= static_cast<std::size_t>(done);
  }
  return true;
}

}  // namespace

struct distance_table::mapping {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;

  explicit mapping(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw domain_error(fmt::format("{}: cannot be opened: {}", path, std::strerror(errno)));
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
      ::close(descriptor);
      throw domain_error(fmt::format("{}: is no ordinary file", path));
    }
    size = static_cast<std::size_t>(status.st_size);
    void* at = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    const int cause = errno;
    ::close(descriptor);
    if (at == MAP_FAILED) throw resource_error(fmt::format("{}: cannot be mapped into memory: {}", path, std::strerror(cause)));
    data = static_cast<const std::uint8_t*>(at);
  }
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;
  ~mapping() {
    if (data != nullptr) ::munmap(const_cast<std::uint8_t*>(data), size);
  }
};

distance_table::distance_table(const graphs::graph_definition& graph, std::unique_ptr<mapping> file)
    : graph_(graph), file_(std::move(file)) {}
distance_table::distance_table(distance_table&&) noexcept = default;
distance_table& distance_table::operator=(distance_table&&) noexcept = default;
distance_table::~distance_table() = default;

distance_table distance_table::open(const std::string& path, const graphs::graph_definition& graph, const run_context& context) {
  const auto damaged = [&](const std::string& how) { return parse_error(fmt::format("{}: the table of distances {}", path, how)); };
  distance_table t(graph, std::make_unique<mapping>(path));
  const auto& file = *t.file_;
  prologue start{};
  if (file.size < sizeof start) throw parse_error(fmt::format("{}: is no table of distances: it has {} bytes", path, file.size));
  std::memcpy(&start, file.data, sizeof start);
  if (start.magic != magic) throw parse_error(fmt::format("{}: is no table of distances", path));
  if (start.version != format_version) {
    throw domain_error(fmt::format("{}: a table of distances of format {}, this program reads format {}", path, start.version, format_version));
  }
  if (start.description_bytes > file.size - sizeof start) throw damaged("is cut off");
  if (checksum(file.data + sizeof start, start.description_bytes) != start.description_sum) throw damaged("has a damaged description");

  std::string spec;
  std::uint64_t graph_sum = 0, table_sum = 0;
  numbering_layout layout;
  try {
    const auto* text = reinterpret_cast<const char*>(file.data + sizeof start);
    const auto d = ordered_json::parse(text, text + start.description_bytes);
    const auto number = [](const ordered_json& v) { return std::stoull(v.get<std::string>()); };
    spec = d.at("graph").at("spec").get<std::string>();
    graph_sum = number(d.at("graph").at("fingerprint"));
    const auto& index = d.at("index");
    layout.kind = index.at("kind").get<std::string>();
    if (!is_known_kind(layout.kind)) throw domain_error(fmt::format("{}: an index of kind {}, which this program does not know", path, layout.kind));
    layout.size = number(index.at("size"));
    layout.fingerprint = number(index.at("fingerprint"));
    if (layout.kind == "tower") {
      layout.symmetry = index.at("symmetry").get<bool>();
      layout.doubled = index.at("doubled").get<bool>();
      layout.moves = tower_layout_of(index.value("layout", "auto"));
    }
    if (layout.kind == "colours") {
      layout.merged = index.at("merged").get<std::vector<std::uint32_t>>();
      layout.pieces = index.value("pieces", std::vector<std::uint32_t>());
      layout.gauge = index.value("gauge", std::int64_t{-1});
    }
    if (layout.kind == "split") {
      layout.positions = index.at("positions").get<std::vector<std::uint32_t>>();
      layout.columns = index.at("columns").get<std::uint32_t>();
    }
    const auto table = d.at("table").at("kind").get<std::string>();
    if (table != "residues" && table != "depths") throw domain_error(fmt::format("{}: a table of {}, which this program does not know", path, table));
    t.kind_ = table == "residues" ? kind::residues : kind::depths;
    table_sum = number(d.at("table").at("checksum"));
    for (const auto& layer : d.at("layers")) t.layers_.push_back(number(layer));
  } catch (const error&) {
    throw;
  } catch (const std::exception& e) {
    throw damaged(fmt::format("has a damaged description: {}", e.what()));
  }

  if (fingerprint(graph) != graph_sum) {
    throw domain_error(fmt::format("{}: this table is of another graph, {}: generators, their order and the central state must be the same",
                                   path, spec));
  }
  t.index_size_ = layout.size;
  const auto bytes = table_bytes(t.kind_, layout.size);
  if (start.table_offset % page != 0 || start.table_offset < sizeof start + start.description_bytes || layout.size % 64 != 0) {
    throw damaged("has a damaged beginning");
  }
  if (start.table_offset > file.size || file.size - start.table_offset != bytes) {
    throw damaged(fmt::format("has {} bytes instead of {}: it is cut off, or something was added", file.size, start.table_offset + bytes));
  }
  t.table_ = file.data + start.table_offset;
  if (checksum(t.table_, bytes) != table_sum) throw damaged("is damaged: its checksum differs");

  t.numbers_ = number_states(graph, layout, context);
  if (!t.numbers_) {
    throw domain_error(fmt::format("{}: this program numbers the states of {} in another way than the one that made the table: make it again", path, spec));
  }
  return t;
}

std::optional<std::uint64_t> distance_table::index(const graphs::state& s) const {
  return numbers_(s);
}

unsigned distance_table::residue(std::uint64_t index) const noexcept {
  if (kind_ == kind::depths) return table_[index] == 255 ? not_reached : table_[index] % 3U;
  const auto bit = [&](std::uint64_t at) { return table_[at / 8] >> (at % 8) & 1U; };
  return bit(index) + 2 * bit(index_size_ + index);
}

std::optional<std::uint64_t> distance_table::distance(const graphs::state& s) const {
  auto at = index(s);
  if (!at || residue(*at) == not_reached) return std::nullopt;
  if (kind_ == kind::depths) return table_[*at];
  const auto centre = *index(graph_.central());
  auto here = s;
  std::uint64_t distance = 0;
  for (; *at != centre; ++distance) {
    const unsigned closer = (residue(*at) + 2) % 3;
    bool found = false;
    for (std::size_t g = 0; g < graph_.generator_count() && !found; ++g) {
      auto next = graph_.apply(g, here);
      const auto place = index(next);
      if (residue(*place) != closer) continue;
      found = true;
      here = std::move(next);
      at = place;
    }
    if (!found || distance > layers_.size()) throw error(fmt::format("a table of distances of {} with no way down: this is a defect, please report it", graph_.spec()));
  }
  return distance;
}

distance_table_writer::distance_table_writer(std::string path) : path_(std::move(path)), temporary_(path_ + ".part") {
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    throw domain_error(fmt::format("--save-distances {}: is no ordinary file", path_));
  }
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw domain_error(fmt::format("--save-distances {}: cannot be written: {}", path_, std::strerror(errno)));
}

distance_table_writer::~distance_table_writer() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void distance_table_writer::finish(const graphs::graph_definition& graph, const contents& c) {
  const auto bytes = table_bytes(c.kind, c.layout.size);
  // 64-bit numbers are text: a JSON number of that size is not safe with every reader.
  std::vector<std::string> layers;
  std::uint64_t states = 0;
  for (const auto layer : c.layers) layers.push_back(std::to_string(layer)), states += layer;
  ordered_json index{{"kind", c.layout.kind}};
  if (c.layout.kind == "tower") index["symmetry"] = c.layout.symmetry, index["doubled"] = c.layout.doubled, index["layout"] = to_string(c.layout.moves);
  if (c.layout.kind == "colours") {
    index["merged"] = c.layout.merged;
    if (!c.layout.pieces.empty()) index["pieces"] = c.layout.pieces;
    if (c.layout.gauge >= 0) index["gauge"] = c.layout.gauge;
  }
  if (c.layout.kind == "split") index["positions"] = c.layout.positions, index["columns"] = c.layout.columns;
  index["size"] = std::to_string(c.layout.size);
  index["fingerprint"] = std::to_string(c.layout.fingerprint);
  const std::string text = ordered_json{
      {"schema", "cosetta.distances/1"},
      {"graph", {{"spec", graph.spec()}, {"fingerprint", std::to_string(fingerprint(graph))}}},
      {"engine", "tower"},
      {"index", std::move(index)},
      {"states", std::to_string(states)},
      {"layers", layers},
      {"table",
       {{"kind", c.kind == distance_table::kind::residues ? "residues" : "depths"}, {"bytes", std::to_string(bytes)}, {"checksum", std::to_string(checksum(c.table, bytes))}}}}
                               .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  prologue start{magic, distance_table::format_version, static_cast<std::uint32_t>(text.size()), 0, checksum(text.data(), text.size())};
  start.table_offset = (sizeof start + text.size() + page - 1) / page * page;
  const std::vector<char> padding(start.table_offset - sizeof start - text.size());
  const bool whole = write_all(descriptor_, &start, sizeof start) && write_all(descriptor_, text.data(), text.size()) &&
                     write_all(descriptor_, padding.data(), padding.size()) && write_all(descriptor_, c.table, bytes) && ::fsync(descriptor_) == 0;
  const bool closed = ::close(descriptor_) == 0;
  descriptor_ = -1;
  if (!whole || !closed || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int cause = errno;
    ::unlink(temporary_.c_str());
    throw backend_error(fmt::format("--save-distances {}: could not be written: {}", path_, std::strerror(cause)));
  }
}

}  // namespace cosetta::search
