#pragma once
// Values of configuration files that may be written in more than one way.

#include <optional>
#include <string>
#include <vector>

#include "base/labels.hpp"
#include "base/secret.hpp"
#include "schema/field.hpp"

namespace tocsin::config {

using schema::Located;
using schema::Position;

/// `10.0.0.1:9100`, or `{url, labels}`.
struct TargetRow {
    std::string url;
    Labels labels;
};

/// Plain text, or a secret.
struct HeaderValue {
    Secret text;
    Position at;
};

/// Entries of `integrations:`, read later by their kind.
struct IntegrationNodes {
    std::vector<schema::Node> nodes;
};

/// `alert: Name` of Prometheus, or a list of Alertmanager matchers.
struct AlertField {
    std::string name;  // set iff it is a name
    std::vector<Located<std::string>> matchers;
    Position at;
};

}  // namespace tocsin::config

namespace tocsin::schema {

template <>
struct Value<config::TargetRow> {
    static Shape shape();
    static std::string json(const config::TargetRow&) { return {}; }
    static bool read(config::TargetRow& out, const Node& node, const Reader& reader);
};

template <>
struct Value<config::HeaderValue> {
    static Shape shape();
    static std::string json(const config::HeaderValue&) { return {}; }
    static bool read(config::HeaderValue& out, const Node& node, const Reader& reader);
};

template <>
struct Value<config::IntegrationNodes> {
    static Shape shape();
    static std::string json(const config::IntegrationNodes&) { return {}; }
    static bool read(config::IntegrationNodes& out, const Node& node, const Reader& reader);
};

template <>
struct Value<config::AlertField> {
    static Shape shape();
    static std::string json(const config::AlertField&) { return {}; }
    static bool read(config::AlertField& out, const Node& node, const Reader& reader);
};

}  // namespace tocsin::schema
