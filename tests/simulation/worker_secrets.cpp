// Secrets on a simulated worker node: what a step says of one goes through the real masking in
// pieces, and the judge reads all that leaves the node.
#include "tests/simulation/worker_node.hpp"

namespace artel::simulation {

/// A step whose node does not know its secret fails at once.
bool worker_node::find_secrets(const attempt_ref& ref,
                               const std::map<std::string, std::string>& wanted) {
  for (const auto& [variable, name] : wanted) {
    if (name == known_secret) continue;
    process_.post("worker", [this, ref, name = name] {
      core_->on_ended({{ref.run, ref.instance, ref.attempt, ending::failed, false,
                        "this node does not know the secret '" + name + "'"}});
    });
    return false;
  }
  return true;
}

/// Tells what a step writes; of one with a secret it is the secret, again and again.
void worker_node::speak(const attempt_ref& ref) {
  const auto found = jobs_.find(shared_files::key(ref));
  if (found == jobs_.end()) return;
  std::string text = "text";
  if (found->second.with_secret) {
    const std::string said = "it is horse" + std::string(secret_value) + ", " +
                             std::string(secret_value) + std::string(secret_value) + " ho";
    work::masker mask;
    mask.add(std::string(secret_value));
    for (std::size_t at = 0; at < said.size();) {
      const auto size = static_cast<std::size_t>(world_.between(1, 30));
      text += mask.pass(std::string_view(said).substr(at, size));
      at += size;
    }
    text += mask.finish();
  }
  process_.post("link", [this, ref, text] {
    link_->send(step_output{ref.run, ref.instance, ref.attempt, 0, text});
  });
}

/// What a step of that ending tells at last, as its result or its reason.
std::string worker_node::last_words(const job& of, ending how) {
  if (!of.with_secret) return how == ending::finished ? "" : "as chance will have it";
  work::masker mask;
  mask.add(std::string(secret_value));
  return mask.mask("{\"p\": \"" + std::string(secret_value) + "\"}");
}

}  // namespace artel::simulation
