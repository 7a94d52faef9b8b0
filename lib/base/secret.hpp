#pragma once
// A secret that nothing prints by accident: no formatter, no stream operator, no comparison.

#include <string>
#include <utility>

namespace tocsin {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    /// The only way out; called where a request is built or a signature is checked.
    [[nodiscard]] const std::string& reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }

private:
    std::string value_;
};

}  // namespace tocsin
