#pragma once
// Expected failure as a value: a Result<T> holds a T or an Error, and dropping one does not
// compile.

#include <string>
#include <utility>
#include <variant>

namespace tocsin {

/// What went wrong, in words a user can act on. `code` is a stable snake_case name (the API's
/// `error.code`), `field` the offending field where there is one.
struct Error {
    std::string code;
    std::string message;
    std::string field = {};
    bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const { return held_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return std::get<0>(held_); }
    const T& value() const& { return std::get<0>(held_); }
    T&& value() && { return std::get<0>(std::move(held_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    [[nodiscard]] const Error& error() const { return std::get<1>(held_); }

private:
    std::variant<T, Error> held_;
};

/// A Result without a value: success, or why not.
class [[nodiscard]] Status {
public:
    Status() = default;
    Status(Error error) : held_(std::move(error)) {}

    [[nodiscard]] bool ok() const { return held_.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const { return std::get<1>(held_); }

private:
    std::variant<std::monostate, Error> held_;
};

}  // namespace tocsin
