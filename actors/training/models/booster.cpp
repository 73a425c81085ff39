#include "actors/training/models/booster.hpp"

#include <nlohmann/json.hpp>

namespace artel::training {
namespace {

void check(int code) {
  if (code == 0) return;
  std::string text = XGBGetLastError();
  // The stack trace that follows is of no use to who reads this.
  if (const auto trace = text.find("\nStack trace"); trace != std::string::npos) text.resize(trace);
  throw data_mistake{"XGBoost: " + text};
}

}  // namespace

boost_matrix::boost_matrix(const feature_matrix& of, const feature_encoder& by) {
  DMatrixHandle made = nullptr;
  check(XGDMatrixCreateFromCSREx(of.begins.data(), of.places.data(), of.values.data(),
                                 of.begins.size(), of.values.size(), of.width, &made));
  handle_ = {made, [](void* handle) { XGDMatrixFree(handle); }};
  const auto tell = [&](const char* field, const std::vector<std::string>& texts) {
    std::vector<const char*> pointers;
    for (const auto& each : texts) pointers.push_back(each.c_str());
    check(XGDMatrixSetStrFeatureInfo(made, field, pointers.data(), pointers.size()));
  };
  tell("feature_name", by.place_names());
  tell("feature_type", by.place_types());
}

void boost_matrix::labels(const std::vector<float>& values) {
  check(XGDMatrixSetFloatInfo(handle(), "label", values.data(), values.size()));
}
void boost_matrix::weights(const std::vector<float>& values) {
  check(XGDMatrixSetFloatInfo(handle(), "weight", values.data(), values.size()));
}
void boost_matrix::groups(const std::vector<std::uint32_t>& sizes) {
  check(XGDMatrixSetUIntInfo(handle(), "group", sizes.data(), sizes.size()));
}

booster::booster(BoosterHandle handle) : handle_(handle, [](void* each) { XGBoosterFree(each); }) {}

booster::booster(const boost_matrix& data, const std::map<std::string, std::string>& parameters) {
  BoosterHandle made = nullptr;
  const DMatrixHandle of[] = {data.handle()};
  check(XGBoosterCreate(of, 1, &made));
  handle_ = {made, [](void* each) { XGBoosterFree(each); }};
  for (const auto& [name, value] : parameters)
    check(XGBoosterSetParam(made, name.c_str(), value.c_str()));
}

booster::booster(const std::string& bytes, std::uint32_t threads) {
  BoosterHandle made = nullptr;
  check(XGBoosterCreate(nullptr, 0, &made));
  handle_ = {made, [](void* each) { XGBoosterFree(each); }};
  check(XGBoosterLoadModelFromBuffer(made, bytes.data(), bytes.size()));
  this->threads(threads);
}

void booster::threads(std::uint32_t count) {
  check(XGBoosterSetParam(handle_.get(), "nthread", std::to_string(count).c_str()));
}

void booster::update(std::uint32_t iteration, const boost_matrix& data) {
  check(XGBoosterUpdateOneIter(handle_.get(), static_cast<int>(iteration), data.handle()));
}

std::vector<double> booster::evaluate(std::uint32_t iteration,
                                      const std::vector<const boost_matrix*>& data) {
  std::vector<DMatrixHandle> handles;
  std::vector<const char*> names;
  for (const auto* each : data) handles.push_back(each->handle()), names.push_back("m");
  const char* text = nullptr;
  check(XGBoosterEvalOneIter(handle_.get(), static_cast<int>(iteration), handles.data(),
                             names.data(), handles.size(), &text));
  // "[3]\tm-rmse:0.5\tm-rmse:0.6"
  std::vector<double> made;
  const std::string_view all = text;
  for (auto at = all.find('\t'); at != std::string_view::npos; at = all.find('\t', at + 1)) {
    const auto end = std::min(all.find('\t', at + 1), all.size());
    const auto colon = all.rfind(':', end - 1);
    double value = 0;
    if (!read_number(all.substr(colon + 1, end - colon - 1), value))
      throw data_mistake{"the training does not converge: its loss is '" +
                         std::string(all.substr(at + 1, end - at - 1)) +
                         "'; scale the target, or lower learning_rate"};
    made.push_back(value);
  }
  return made;
}

booster booster::first(std::uint32_t rounds) const {
  BoosterHandle made = nullptr;
  check(XGBoosterSlice(handle_.get(), 0, static_cast<int>(rounds), 1, &made));
  return booster(made);
}

void booster::attribute(const std::string& name, const std::string& value) {
  check(XGBoosterSetAttr(handle_.get(), name.c_str(), value.c_str()));
}

std::string booster::bytes() const {
  bst_ulong size = 0;
  const char* data = nullptr;
  check(XGBoosterSaveModelToBuffer(handle_.get(), R"({"format": "json"})", &size, &data));
  return {data, size};
}

std::vector<float> booster::predict(const boost_matrix& data) const {
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  check(XGBoosterPredictFromDMatrix(
      handle_.get(), data.handle(),
      R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0, "strict_shape": false})",
      &shape, &dimensions, &values));
  std::size_t count = 1;
  for (bst_ulong i = 0; i < dimensions; ++i) count *= shape[i];
  return {values, values + count};
}

std::string xgboost_version() {
  int major = 0, minor = 0, patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace artel::training
