#pragma once
// Boxed: an optional value on the heap, for what is large and moved about more than it is read.

#include <concepts>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace tocsin {

/// As std::optional, but a pointer wide. Copies are deep, and compare by value.
template <class T>
class Boxed {
public:
    Boxed() = default;
    Boxed(std::nullopt_t /*none*/) {}
    template <class U>
    requires(std::constructible_from<T, U&&> && !std::same_as<std::remove_cvref_t<U>, Boxed>)
        Boxed(U&& value)
        : held_(std::make_unique<T>(std::forward<U>(value))) {}
    Boxed(const Boxed& other) : held_(copy_of(other)) {}
    Boxed& operator=(const Boxed& other) {
        if (this != &other) held_ = copy_of(other);
        return *this;
    }
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(Boxed&&) noexcept = default;
    ~Boxed() = default;

    [[nodiscard]] explicit operator bool() const { return held_ != nullptr; }
    [[nodiscard]] bool has_value() const { return held_ != nullptr; }
    /// Only when there is one.
    [[nodiscard]] const T& operator*() const { return *held_; }
    [[nodiscard]] T& operator*() { return *held_; }
    [[nodiscard]] const T* operator->() const { return held_.get(); }
    [[nodiscard]] T* operator->() { return held_.get(); }

    bool operator==(const Boxed& other) const {
        if (!held_ || !other.held_) return held_ == other.held_;
        return *held_ == *other.held_;
    }

private:
    static std::unique_ptr<T> copy_of(const Boxed& other) {
        return other.held_ ? std::make_unique<T>(*other.held_) : nullptr;
    }

    std::unique_ptr<T> held_;
};

}  // namespace tocsin
