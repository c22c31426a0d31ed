#include <kernels/cuda/device.hpp>
#include <kernels/cuda/grid_launch.cuh>

#include <array>
#include <mutex>

namespace cosetta::kernels {

namespace {

__global__ void nothing() {}

class cuda_backend final : public backend {
 public:
  explicit cuda_backend(int device) : device_(device) {
    const auto state = probe_cuda();
    if (state.devices.empty()) throw backend_error("backend cuda: not usable: " + state.why_not + "; use --backend cpu (cosetta backends shows what runs here)");
    if (device < 0 || static_cast<std::size_t>(device) >= state.devices.size()) throw backend_error("backend cuda: there is no device " + std::to_string(device));
    select();
    cudaDeviceProp properties{};
    check_cuda(cudaGetDeviceProperties(&properties, device), "asking for the device's properties");
    const auto& found = state.devices[static_cast<std::size_t>(device)];
    if (properties.major < 8) throw backend_error("backend cuda: " + found.name + " has " + found.architecture + ", sm_80 or later is needed; use --backend cpu");
    check_code(found.architecture);
    multiprocessors_ = static_cast<unsigned>(properties.multiProcessorCount);
    shared_bytes_ = static_cast<std::uint32_t>(properties.sharedMemPerBlockOptin);
    text_ = found.name + " (" + found.architecture + ", " + std::to_string(multiprocessors_) + " multiprocessors)";
    int least = 0, greatest = 0;
    check_cuda(cudaDeviceGetStreamPriorityRange(&least, &greatest), "asking for priorities");
    for (auto& s : streams_) {
      check_cuda(cudaStreamCreateWithPriority(&s, cudaStreamNonBlocking, &s == &streams_.front() ? least : greatest), "making a stream");
    }
    check_cuda(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming), "making an event");
  }
  ~cuda_backend() override {
    cudaSetDevice(device_);
    cudaDeviceSynchronize();
    cudaEventDestroy(event_);
    for (auto s : streams_) cudaStreamDestroy(s);
  }

  std::string_view name() const noexcept override { return "cuda"; }
  std::string device() const override { return text_; }
  unsigned multiprocessors() const noexcept override { return multiprocessors_; }
  std::uint32_t shared_bytes() const noexcept override { return shared_bytes_; }
  std::size_t free_bytes() const override {
    select();
    std::size_t free = 0, total = 0;
    check_cuda(cudaMemGetInfo(&free, &total), "asking for free memory");
    return free;
  }
  void* allocate(std::size_t bytes, memory_kind kind) override {
    select();
    void* at = nullptr;
    const auto status = kind == memory_kind::device ? cudaMalloc(&at, bytes) : cudaHostAlloc(&at, bytes, cudaHostAllocMapped);
    if (status == cudaErrorMemoryAllocation) {
      cudaGetLastError();  // it is told here, and not again by the next call
      throw resource_error(std::to_string(bytes) + (kind == memory_kind::device ? " bytes are more than " + text_ + " has free" : " bytes of pinned memory are more than the host has") +
                           ": lower --memory, or use --backend cpu");
    }
    check_cuda(status, "taking memory");
    return at;
  }
  void release(void* at, memory_kind kind) noexcept override {
    cudaSetDevice(device_);
    kind == memory_kind::device ? cudaFree(at) : cudaFreeHost(at);
  }
  void upload(void* to, const void* from, std::size_t bytes, unsigned stream) override {
    select();
    check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, streams_[stream]), "copying to the device");
    check_cuda(cudaStreamSynchronize(streams_[stream]), "copying to the device");
  }
  void download(void* to, const void* from, std::size_t bytes, unsigned stream) override {
    select();
    check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, streams_[stream]), "copying from the device");
    check_cuda(cudaStreamSynchronize(streams_[stream]), "working on the device");
  }
  void copy(void* to, const void* from, std::size_t bytes, unsigned stream) override {
    select();
    check_cuda(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, streams_[stream]), "copying on the device");
  }
  void fill(void* to, std::uint8_t byte, std::size_t bytes, unsigned stream) override {
    select();
    check_cuda(cudaMemsetAsync(to, byte, bytes, streams_[stream]), "filling memory");
  }
  void wait_for(unsigned stream, unsigned other) override {
    select();
    const std::lock_guard lock(event_in_use_);  // what waits is not to see another thread's mark
    check_cuda(cudaEventRecord(event_, streams_[other]), "marking a stream");
    check_cuda(cudaStreamWaitEvent(streams_[stream], event_), "making a stream wait");
  }
  void synchronize() override {
    select();
    check_cuda(cudaDeviceSynchronize(), "working on the device");
  }
  void* native_stream(unsigned stream) const override {
    select();
    return streams_[stream];
  }

 private:
  /// The device is the calling thread's own affair: another thread may have made this backend, or work with another device.
  void select() const { check_cuda(cudaSetDevice(device_), "choosing the device"); }

  /// All kernels of the library are compiled for the same architectures.
  static void check_code(const std::string& architecture) {
    cudaFuncAttributes attributes{};
    const auto status = cudaFuncGetAttributes(&attributes, nothing);
    if (status == cudaErrorNoKernelImageForDevice || status == cudaErrorUnsupportedPtxVersion || status == cudaErrorInvalidDeviceFunction) {
      cudaGetLastError();
      throw backend_error("backend cuda: this binary was built without code for " + architecture + ": configure with -DCMAKE_CUDA_ARCHITECTURES=" + architecture.substr(3) +
                          ", or use --backend cpu");
    }
    check_cuda(status, "asking for a kernel");
  }

  int device_;
  unsigned multiprocessors_ = 0;
  std::uint32_t shared_bytes_ = 0;
  std::string text_;
  std::array<cudaStream_t, streams> streams_{};
  cudaEvent_t event_{};
  std::mutex event_in_use_;
};

}  // namespace

std::shared_ptr<backend> make_cuda_backend(int device) { return std::make_shared<cuda_backend>(device); }

}  // namespace cosetta::kernels
