#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

int run_order(const group_arguments& a, const std::string& command_line) {
  group_call call(a, command_line);
  return call.run([&] {
    const auto order = call.ready().get_str();
    const auto proof = call.source().proof();
    call.text(marked(order, proof) + "\n");
    call.columns({"order", "proof"});
    call.row({order, std::string(proof_name(proof))});
    call.result() = {{"order", order}, {"proof", proof_name(proof)}};
    return answered;
  });
}

}  // namespace

void add_group_order(CLI::App& noun, invocation& call) {
  add_plain(noun, call, "order", "the number of elements",
            "Examples:\n  cosetta group order lrx:100\n  cosetta group order psl:3,4\n  cosetta group order rubik_cube:3,metric=QTM\n  cosetta group order lrx:8 --known-order 40320", run_order);
}

}  // namespace cosetta::tools
