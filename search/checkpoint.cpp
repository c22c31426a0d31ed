#include <kernels/error.hpp>
#include <kernels/frontier.hpp>
#include <search/checkpoint.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cosetta::search {

namespace {

constexpr const char* schema = "cosetta.checkpoint/1";

std::string path_of(const std::string& folder, std::uint64_t depth) {
  return fmt::format("{}/layer-{:05}.states", folder, depth);
}

std::uint64_t fold(std::uint64_t sum, std::uint64_t word) {
  const std::uint64_t pair[] = {sum, word};
  return kernels::state_hash(pair, 2);
}

/// The same for any order of the states: threads write them in no fixed one.
std::uint64_t hash_sum(const std::uint64_t* states, std::size_t count, std::size_t words) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += kernels::state_hash(states + i * words, words);
  return sum;
}

std::uint64_t manifest_hash(std::uint64_t fingerprint, const std::vector<std::uint64_t>& sizes,
                            const std::vector<std::uint64_t>& sums) {
  std::uint64_t sum = fold(fingerprint, sizes.size());
  for (const auto size : sizes) sum = fold(sum, size);
  for (const auto layer_sum : sums) sum = fold(sum, layer_sum);
  return sum;
}

}  // namespace

void checkpoint::check_unused(const std::string& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(folder + "/manifest.json", ignored)) {
    throw domain_error(fmt::format(
        "--checkpoint {}: holds a checkpoint already: go on with --resume {}, or take another folder", folder, folder));
  }
}

bool checkpoint::is_same_folder(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return std::filesystem::equivalent(a, b, ignored);
}

std::uint64_t fingerprint(const packed_graph& graph, const graphs::state& central) {
  std::uint64_t sum = fold(graph.words(), graph.bits());
  sum = fold(sum, graph.is_inverse_closed());
  for (const auto label : central) sum = fold(sum, label);
  for (const auto& t : graph.transitions()) {
    sum = fold(sum, t.modulus);
    for (const auto& m : t.moves)
      sum = fold(fold(sum, m.mask), std::uint64_t{m.target} << 40 ^ std::uint64_t{m.source} << 8 ^ m.rotation);
    for (const auto& f : t.fields) {
      sum = fold(fold(sum, f.constant), std::uint64_t{f.target} << 32 ^ f.shift);
      for (const auto& term : f.terms)
        sum = fold(fold(sum, term.coefficient), std::uint64_t{term.word} << 32 ^ term.shift);
    }
    for (const auto& f : t.points) {
      sum = fold(fold(sum, f.mask), std::uint64_t{f.word} << 32 ^ f.shift);
      for (const auto image : f.images) sum = fold(sum, image);
    }
  }
  return sum;
}

checkpoint_writer::checkpoint_writer(std::string folder, const packed_graph& graph, const graphs::state& central)
    : folder_(std::move(folder)),
      fingerprint_(fingerprint(graph, central)),
      words_(graph.words()),
      keeps_all_(!graph.is_inverse_closed()) {
  std::error_code status;
  std::filesystem::create_directories(folder_, status);
  if (status) throw domain_error(fmt::format("--checkpoint {}: cannot be made: {}", folder_, status.message()));
}

void checkpoint_writer::adopt(std::vector<std::uint64_t> sizes, std::vector<std::uint64_t> sums) {
  sizes_ = std::move(sizes);
  sums_ = std::move(sums);
}

void checkpoint_writer::begin_layer(std::uint64_t depth) {
  depth_ = depth;
  size_ = sum_ = 0;
  file_.reset(std::fopen(path_of(folder_, depth).c_str(), "wb"));
  if (file_ == nullptr) throw backend_error(fmt::format("--checkpoint {}: cannot write there", folder_));
}

void checkpoint_writer::add(const std::uint64_t* states, std::size_t count) {
  size_ += count;
  sum_ += hash_sum(states, count, words_);
  std::fwrite(states, words_ * sizeof *states, count, file_.get());  // an error shows when the file is closed
}

void checkpoint_writer::end_layer() {
  const bool whole = std::ferror(file_.get()) == 0 && std::fflush(file_.get()) == 0 && fsync(fileno(file_.get())) == 0;
  file_.reset();
  if (!whole)
    throw backend_error(
        fmt::format("--checkpoint {}: layer {} could not be written: is the disk full?", folder_, depth_));
  sizes_.resize(depth_);
  sums_.resize(depth_);
  sizes_.push_back(size_);
  sums_.push_back(sum_);
  write_manifest();
  std::error_code ignored;
  if (!keeps_all_ && depth_ >= 2) std::filesystem::remove(path_of(folder_, depth_ - 2), ignored);
}

void checkpoint_writer::write_manifest() const {
  const std::string temporary = folder_ + "/manifest.json.part";
  std::ofstream out(temporary);
  // Sums are text: a JSON number of 64 bits is not safe with every reader.
  std::vector<std::string> sums;
  for (const auto sum : sums_) sums.push_back(std::to_string(sum));
  out << nlohmann::ordered_json{{"schema", schema},
                                {"fingerprint", std::to_string(fingerprint_)},
                                {"words", words_},
                                {"all_layers", keeps_all_},
                                {"layers", sizes_},
                                {"sums", sums},
                                {"check", std::to_string(manifest_hash(fingerprint_, sizes_, sums_))}}
             .dump()
      << "\n";
  out.close();
  std::error_code status;
  if (out) std::filesystem::rename(temporary, folder_ + "/manifest.json", status);
  if (!out || status) throw backend_error(fmt::format("--checkpoint {}: the manifest could not be written", folder_));
}

checkpoint checkpoint::read(const std::string& folder, const packed_graph& graph, const graphs::state& central) {
  std::ifstream file(folder + "/manifest.json");
  if (!file) throw parse_error(fmt::format("--resume {}: no manifest.json there", folder));
  checkpoint c;
  std::uint64_t found = 0;
  std::uint64_t check = 0;
  try {
    const auto manifest = nlohmann::json::parse(file);
    if (manifest.at("schema") != schema)
      throw parse_error(fmt::format("--resume {}: not a {} manifest", folder, schema));
    found = std::stoull(manifest.at("fingerprint").get<std::string>());
    c.sizes = manifest.at("layers").get<std::vector<std::uint64_t>>();
    check = std::stoull(manifest.at("check").get<std::string>());
    for (const auto& sum : manifest.at("sums")) c.sums.push_back(std::stoull(sum.get<std::string>()));
  } catch (const error&) {
    throw;
  } catch (const std::exception& e) {
    throw parse_error(fmt::format("--resume {}: manifest.json is damaged: {}", folder, e.what()));
  }
  if (c.sizes.empty() || c.sizes.size() != c.sums.size() || check != manifest_hash(found, c.sizes, c.sums))
    throw parse_error(fmt::format("--resume {}: manifest.json is damaged", folder));
  if (found != fingerprint(graph, central)) {
    throw domain_error(fmt::format(
        "--resume {}: this checkpoint is of another graph (generators, order, central state and depth limit "
        "over Z must be the same)",
        folder));
  }
  return c;
}

void checkpoint::read_layer(const std::string& folder, std::uint64_t depth, std::size_t words,
                            const std::function<void(std::span<const std::uint64_t>)>& visit) const {
  const std::string path = path_of(folder, depth);
  const auto damaged = [&](const char* how) { return parse_error(fmt::format("--resume: {} {}", path, how)); };
  std::ifstream file(path, std::ios::binary);
  if (!file) throw damaged("is missing");
  std::vector<std::uint64_t> run(words * 4096);
  std::uint64_t size = 0;
  std::uint64_t sum = 0;
  while (file) {
    file.read(reinterpret_cast<char*>(run.data()), static_cast<std::streamsize>(run.size() * sizeof run[0]));
    const auto bytes = static_cast<std::size_t>(file.gcount());
    if (bytes % (words * sizeof run[0]) != 0) throw damaged("is cut off");
    const std::size_t count = bytes / (words * sizeof run[0]);
    size += count;
    sum += hash_sum(run.data(), count, words);
    visit(std::span(run).first(count * words));
  }
  if (size != sizes[depth]) throw damaged("does not hold the number of states that the manifest says");
  if (sum != sums[depth]) throw damaged("is damaged: its hash sum differs from the manifest");
}

}  // namespace cosetta::search
