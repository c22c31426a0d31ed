// Complete layers of a growth run on disk, from which another run goes on.
//
// A checkpoint is a folder: `layer-<depth>.states` holds the packed states of one layer, `manifest.json` says which
// layers there are, for which graph, a sum of hashes of each file, and a hash over all of that. A layer is written
// once, when it is complete; the manifest is replaced by renaming, last, so that the folder is consistent whenever the
// process dies. An undirected run needs the last two layers, and older files are removed; a directed one needs them
// all.
#pragma once

#include <search/packed_graph.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cosetta::search {

/// A number that two runs share only if they pack the same graph in the same way (up to an accident of 2^-64; it guards
/// against mistakes, no result rests on it).
std::uint64_t fingerprint(const packed_graph& graph, const graphs::state& central);

class checkpoint_writer {
 public:
  /// Creates the folder. Throws backend_error when that fails.
  checkpoint_writer(std::string folder, const packed_graph& graph, const graphs::state& central);

  /// Starts the file of layer `depth`.
  void begin_layer(std::uint64_t depth);
  void add(const std::uint64_t* states, std::size_t count);
  /// Makes the layer part of the checkpoint. Throws backend_error when the disk is full.
  void end_layer();

  /// Takes the layers of an earlier run as they are, to go on behind them.
  void adopt(std::vector<std::uint64_t> sizes, std::vector<std::uint64_t> sums);

 private:
  void write_manifest() const;

  std::string folder_;
  std::uint64_t fingerprint_;
  std::size_t words_;
  bool keeps_all_;
  std::vector<std::uint64_t> sizes_;
  std::vector<std::uint64_t> sums_;
  struct close_file {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, close_file> file_;
  std::uint64_t depth_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t sum_ = 0;
};

struct checkpoint {
  std::vector<std::uint64_t> sizes;  // of layers 0, 1, ...
  std::vector<std::uint64_t> sums;

  /// Throws domain_error when the folder holds a checkpoint already, which a new run would overwrite.
  static void check_unused(const std::string& folder);
  /// Whether two paths name one existing folder.
  static bool is_same_folder(const std::string& a, const std::string& b);

  /// Reads the manifest. Throws parse_error when there is none or it is damaged, domain_error when it is of another
  /// graph.
  static checkpoint read(const std::string& folder, const packed_graph& graph, const graphs::state& central);

  /// Hands out the states of layer `depth` in runs. Throws parse_error when the file is missing or damaged.
  void read_layer(const std::string& folder, std::uint64_t depth, std::size_t words,
                  const std::function<void(std::span<const std::uint64_t>)>& visit) const;
};

}  // namespace cosetta::search
