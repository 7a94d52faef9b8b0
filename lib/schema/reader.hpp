#pragma once
// Reader: turns nodes into typed values, noting every problem instead of stopping at the first.

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/labels.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "schema/diagnostic.hpp"
#include "schema/node.hpp"
#include "schema/shape.hpp"

namespace tocsin::schema {

/// `{file: PATH}`, `{env: NAME}` or `{credential: NAME}` (systemd).
struct SecretRef {
    enum class From : std::uint8_t { file, env, credential };
    From from = From::file;
    std::string name;
};
/// Fetches a secret; its errors never hold the secret itself.
using FetchSecret = std::function<Result<std::string>(const SecretRef&)>;

/// What reading needs beside the node.
struct Reader {
    std::string file;
    Diagnostics& diagnostics;
    FetchSecret fetch_secret = {};  // unset: secrets are checked in form only

    void error(Position at, std::string message, std::string hint = {}) const {
        diagnostics.error(file, at, std::move(message), std::move(hint));
    }
    /// An error whose source line must not be shown.
    void secret_error(Position at, std::string message, std::string hint = {}) const {
        diagnostics.add({.level = Level::error,
                         .file = file,
                         .at = at,
                         .message = std::move(message),
                         .hint = std::move(hint),
                         .secret = true});
    }
    void warning(Position at, std::string message, std::string hint = {}) const {
        diagnostics.warning(file, at, std::move(message), std::move(hint));
    }
};

/// A value that remembers where it was written, for problems found after reading.
template <class T>
struct Located {
    T value{};
    Position at{};
    Style style = Style::plain;
    bool given = false;

    Located() = default;
    Located(T default_value) : value(std::move(default_value)) {}
};

/// One name of an enumeration; specialise `Names<E>` with `static std::vector<Choice<E>> rows()`.
template <class E>
struct Choice {
    std::string_view name;
    E value;
};
template <class E>
struct Names;

/// Says "expected …, found …" at the node; always false, so that readers can return it.
bool wrong_type(const Node& node, const Shape& expected, const Reader& reader);
/// Says that `name` is none of the candidates, with the likeliest one meant.
void unknown_name(Position at, std::string_view what, std::string_view name,
                  const std::vector<std::string>& candidates, const Reader& reader,
                  Level level = Level::error);

// Each returns false after having noted a problem; `out` is then untouched.
bool read_value(std::string& out, const Node& node, const Reader& reader);
bool read_value(bool& out, const Node& node, const Reader& reader);
bool read_value(double& out, const Node& node, const Reader& reader);
bool read_value(Duration& out, const Node& node, const Reader& reader);
bool read_value(Secret& out, const Node& node, const Reader& reader);
bool read_value(Labels& out, const Node& node, const Reader& reader);
/// A whole number within the bounds; decimal, 0x and 0o.
std::optional<std::int64_t> read_integer(const Node& node, std::int64_t least, std::int64_t most,
                                         const Reader& reader);
/// The row that a choice's text names, by index.
std::optional<std::size_t> read_choice(const Node& node, const std::vector<std::string>& names,
                                       const Reader& reader);

}  // namespace tocsin::schema
