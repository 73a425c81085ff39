// What every verb of the command line shares: where the cluster is and how to print.
#pragma once

#include <iostream>
#include <string>

#include "actors/transport/admin_client.hpp"
#include "nodes/artel/text.hpp"
#include "nodes/runtime/runtime.hpp"

namespace artel::cli {

struct context {
  std::string data = nodes::default_data_folder();
  std::string admin;  ///< empty: ipc://DATA/admin.sock
  bool as_json = false;
  bool colour = false;
  unsigned timeout_s = 10;

  std::string admin_endpoint() const {
    return admin.empty() ? "ipc://" + data + "/admin.sock" : admin;
  }
  transport::admin_client client() const {
    return transport::admin_client(admin_endpoint(), std::chrono::seconds(timeout_s));
  }
};

/// Prints the trouble and gives the exit code that goes with it.
inline int fail(const trouble& why) {
  std::cerr << "artel: " << why.text << '\n';
  return nodes::exit_code_of(why.code);
}

// One function per verb; each returns the exit code.
int validate(const context& cli, const std::string& file);
/// `format` is text, dot or mermaid.
int graph(const context& cli, const std::string& file, const std::string& format);
int submit(const context& cli, const std::string& file, const std::vector<std::string>& params,
           const std::string& id);
int runs(const context& cli, std::uint32_t limit, const std::string& pipeline);
int show(const context& cli, const std::string& run);
int logs(const context& cli, const std::string& run, const std::string& step, std::uint32_t attempt,
         bool follow);
int cancel(const context& cli, const std::string& run, const std::string& reason);
int list_cluster(const context& cli, bool all);
int drain(const context& cli, const std::string& node, bool undo, bool wait);
int tree(const context& cli, const std::string& node);
int explain(const context& cli, const std::string& run, const std::string& step);

/// A pipeline file and -p arguments, checked here with the file's places, made a request. Paths
/// become absolute.
outcome<submit_run> make_submission(const std::string& file, const std::vector<std::string>& params,
                                    const std::string& id);

}  // namespace artel::cli
