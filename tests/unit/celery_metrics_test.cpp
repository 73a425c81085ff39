// Names of celery-exporter for what happens here.
#include "actors/core/celery_book.hpp"
#include "tests/support/cluster_world.hpp"

using namespace artel;
using namespace artel::tests;

namespace {

/// Value of the sample with those labels, as "name=value"; of a histogram: how many.
double value_of(const std::vector<metric_family>& all, const std::string& name,
                const std::vector<std::string>& labels) {
  for (const auto& family : all) {
    if (family.name != name) continue;
    for (const auto& one : family.samples) {
      const bool same = std::all_of(labels.begin(), labels.end(), [&](const auto& wanted) {
        return std::any_of(one.labels.begin(), one.labels.end(), [&](const auto& each) {
          return each.first + "=" + each.second == wanted;
        });
      });
      if (same)
        return family.kind == metric_kind::histogram
                   ? static_cast<double>(one.buckets.back().second)
                   : one.value;
    }
  }
  return -1;
}

struct counted {
  std::vector<metric_family> all;
  double operator()(const std::string& name, const std::vector<std::string>& labels) const {
    return value_of(all, name, labels);
  }
};

}  // namespace

TEST_CASE("a step is a task, its pipeline the queue and its node the host") {
  world w(4);
  celery_book book;
  std::size_t told = 0;
  const auto tell = [&] {
    for (; told < w.facts.size(); ++told) book.note(w.facts[told], w.cluster_);
    counted now;
    book.tell(w.cluster_, now.all);
    return now;
  };
  const std::vector<std::string> a{"name=p.a", "hostname=n1", "queue_name=p"};
  w.submit(
      "pipeline: p\nsteps:\n  a: {use: core.noop, instances: 6, retries: 1, backoff: {min: 1s}}\n");
  auto now = tell();
  for (const auto* word : {"sent", "received", "started"})
    CHECK(now("celery_task_" + std::string(word) + "_total", a) == 4);
  CHECK(now("celery_queue_length", {"queue_name=p"}) == 2);
  CHECK(now("celery_worker_up", {"hostname=n1"}) == 1);
  CHECK(now("celery_worker_tasks_active", {"hostname=n1"}) == 4);
  CHECK(now("celery_active_worker_count", {"queue_name=p"}) == 1);
  CHECK(now("celery_active_process_count", {"queue_name=p"}) == 4);
  w.report("a[0]", ending::finished);
  tell();
  w.report("a[1]", ending::failed);
  tell();
  now = tell();
  CHECK(now("celery_task_succeeded_total", a) == 1);
  CHECK(now("celery_task_runtime", a) == 1);
  CHECK(now("celery_task_retried_total", a) == 1);
  CHECK(now("celery_task_failed_total", {a[0], "exception=failed"}) == 0);
  w.cancel();
  w.report("a[2]", ending::cancelled);
  CHECK(tell()("celery_task_revoked_total", a) == 1);
}

TEST_CASE("what was out when the process began ends under its names, too") {
  world w(4);
  w.submit("pipeline: p\nsteps:\n  a: {use: core.noop}\n  b: {use: core.noop}\n");
  celery_book book;
  book.adopt(w.cluster_);
  const auto before = w.facts.size();
  w.report("a", ending::finished);
  w.report("b", ending::failed);
  for (auto i = before; i < w.facts.size(); ++i) book.note(w.facts[i], w.cluster_);
  counted now;
  book.tell(w.cluster_, now.all);
  CHECK(now("celery_task_succeeded_total", {"name=p.a", "hostname=n1"}) == 1);
  CHECK(now("celery_task_started_total", {"name=p.a"}) == 0);
  CHECK(now("celery_task_failed_total", {"name=p.b", "exception=failed"}) == 1);
  CHECK(now("celery_task_retried_total", {"name=p.b"}) == 0);
}
