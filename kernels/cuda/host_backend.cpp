#include <kernels/cuda/backend.hpp>
#include <kernels/error.hpp>

#include <array>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <unordered_map>

namespace cosetta::kernels {

namespace {

/// What the streams were given and is not done yet.
class stream_queues {
 public:
  explicit stream_queues(host_streams when) : when_(when) {}

  void give(unsigned stream, std::function<void()> work) {
    if (when_ == host_streams::at_once) return work();
    put(stream, {std::move(work), 0, 0});
  }
  void wait_for(unsigned stream, unsigned other) {
    if (when_ != host_streams::at_once) put(stream, {{}, other, streams_[other].given});
  }
  void finish(unsigned stream) { finish(stream, streams_[stream].given); }
  void finish() {
    for (unsigned s = 0; s < streams_.size(); ++s) finish(s);
  }

 private:
  struct item {
    std::function<void()> work;  // none: to wait for the first `count` items of another stream
    unsigned other;
    std::uint64_t count;
  };
  struct stream_state {
    std::deque<item> waiting;
    std::uint64_t given = 0, done = 0;
  };

  void put(unsigned stream, item what) {
    streams_[stream].waiting.push_back(std::move(what));
    ++streams_[stream].given;
    go_on();
  }
  /// False where the stream has nothing to do, or waits for the other one.
  bool step(unsigned stream) {
    auto& s = streams_[stream];
    if (s.waiting.empty() || streams_[s.waiting.front().other].done < s.waiting.front().count) return false;
    const auto now = std::move(s.waiting.front());
    s.waiting.pop_front();
    if (now.work) now.work();
    ++s.done;
    return true;
  }
  /// What nobody asked for yet.
  void go_on() {
    if (when_ == host_streams::shuffled) {
      for (unsigned k = random() % 4; k > 0; --k) step(random() % backend::streams);
    } else {
      while (step(when_ == host_streams::first_ahead ? 0 : 1)) continue;
    }
  }
  void finish(unsigned stream, std::uint64_t count) {
    while (streams_[stream].done < count) {
      const auto& next = streams_[stream].waiting.front();
      if (streams_[next.other].done < next.count) finish(next.other, next.count);
      step(stream);
      go_on();
    }
  }
  unsigned random() {
    state_ ^= state_ << 13, state_ ^= state_ >> 7, state_ ^= state_ << 17;
    return static_cast<unsigned>(state_ >> 32);
  }

  host_streams when_;
  std::array<stream_state, backend::streams> streams_;
  std::uint64_t state_ = 0x9e3779b97f4a7c15u;
};

class host_backend final : public backend {
 public:
  host_backend(host_order order, std::size_t memory, std::uint32_t shared_bytes, host_streams when) : order_(order), free_(memory), shared_bytes_(shared_bytes), queues_(when) {}

  std::string_view name() const noexcept override { return "host"; }
  std::string device() const override { return "the host in a device's place"; }
  unsigned multiprocessors() const noexcept override { return 2; }
  std::uint32_t shared_bytes() const noexcept override { return shared_bytes_; }
  std::size_t free_bytes() const override { return free_; }
  void* allocate(std::size_t bytes, memory_kind kind) override {
    if (kind == memory_kind::device && bytes > free_) throw resource_error("the device has " + std::to_string(free_) + " bytes, " + std::to_string(bytes) + " are wanted");
    void* at = std::malloc(bytes);  // not more than is asked for: sanitizers look at its ends
    if (at == nullptr) throw resource_error("no memory for " + std::to_string(bytes) + " bytes");
    std::memset(at, 0xa5, bytes);  // as found
    sizes_[at] = bytes;
    if (kind == memory_kind::device) free_ -= bytes;
    return at;
  }
  void release(void* at, memory_kind kind) noexcept override {
    queues_.finish();  // a device does the same
    const auto found = sizes_.find(at);
    if (kind == memory_kind::device) free_ += found->second;
    sizes_.erase(found);
    std::free(at);
  }
  void upload(void* to, const void* from, std::size_t bytes, unsigned stream) override {
    copy(to, from, bytes, stream);
    queues_.finish(stream);
  }
  void download(void* to, const void* from, std::size_t bytes, unsigned stream) override { upload(to, from, bytes, stream); }
  void copy(void* to, const void* from, std::size_t bytes, unsigned stream) override {
    queues_.give(stream, [=] { std::memcpy(to, from, bytes); });
  }
  void fill(void* to, std::uint8_t byte, std::size_t bytes, unsigned stream) override {
    queues_.give(stream, [=] { std::memset(to, byte, bytes); });
  }
  void wait_for(unsigned stream, unsigned other) override { queues_.wait_for(stream, other); }
  void synchronize() override { queues_.finish(); }
  const host_order* host() const noexcept override { return &order_; }
  void run_on_host(unsigned stream, std::function<void()> work) override { queues_.give(stream, std::move(work)); }

 private:
  host_order order_;
  std::size_t free_;
  std::uint32_t shared_bytes_;
  stream_queues queues_;
  std::unordered_map<void*, std::size_t> sizes_;
};

}  // namespace

std::shared_ptr<backend> make_host_backend(host_order order, std::size_t memory, std::uint32_t shared_bytes, host_streams when) {
  return std::make_shared<host_backend>(order, memory, shared_bytes, when);
}

}  // namespace cosetta::kernels
