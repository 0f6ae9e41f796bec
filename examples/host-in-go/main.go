// The program host-in-go answers vectors for hosts on wazero, an engine without fuel. It reads one
// line of JSON for each vector, and writes one: abi/vectors/README.md, "The driver protocol".
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero"
)

// vector is the line of a vector of the layer fuel.
type vector struct {
	ID, Layer   string
	Flags       []string
	Wasm        []byte
	Budget      budget
	Config      map[string]string
	LogLevel    string  `json:"log_level"`
	MaxVarBytes float64 `json:"max_var_bytes"`
	Steps       []struct {
		Call  string
		Input []byte
	}
}

// budget is what a plugin may use: KERNEL.md, "Budgets".
type budget struct {
	Fuel         float64
	WallMs       float64  `json:"wall_ms"`
	MemoryPages  float64  `json:"memory_pages"`
	InitialPages *float64 `json:"initial_memory_pages"` // as many as may be added, if missing
	TableEntries float64  `json:"table_entries"`
	StackSlots   int32    `json:"stack_slots"`
}

// defaults are the fields that a vector does not have. Vectors have no deadline unless they say so.
func defaults() vector {
	budget := budget{Fuel: 1e9, WallMs: math.Inf(1), MemoryPages: 32, TableEntries: 100_000, StackSlots: 65_536}
	return vector{Budget: budget, LogLevel: "info", MaxVarBytes: 1 << 20}
}

func main() {
	command := flag.String("prepare", "node scripts/cc-lb-plugin.mjs", "the command cc-lb-plugin")
	flag.Parse()
	if err := drive(context.Background(), strings.Fields(*command)); err != nil {
		fmt.Fprintln(os.Stderr, "host-in-go:", err)
		os.Exit(1)
	}
}

// drive answers each line of standard input with a line on standard output.
func drive(ctx context.Context, command []string) error {
	folder, err := os.MkdirTemp("", "host-in-go-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	preparer := &preparer{command, folder, map[string]prepared{}}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, math.MaxInt32)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		vector := defaults()
		if err := json.Unmarshal(lines.Bytes(), &vector); err != nil {
			return fmt.Errorf("a line is not a vector: %w", err)
		}
		answer, err := answerOf(ctx, preparer, vector)
		if err != nil {
			return fmt.Errorf("%s: %w", vector.ID, err)
		}
		answer["id"] = vector.ID
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

// answerOf is the answer to a vector; an error if this program itself fails.
func answerOf(ctx context.Context, preparer *preparer, vector vector) (map[string]any, error) {
	ends, err := endsOf(ctx, preparer, vector)
	var refused *failure
	switch {
	case !errors.As(err, &refused):
		return map[string]any{"ends": ends}, err
	case refused.layer == "unsupported":
		return map[string]any{"unsupported": refused.kind}, nil
	}
	return map[string]any{"ends": []any{endOf(nil, 0, refused)}}, nil
}

// endsOf builds the plugin of a vector and calls its exports.
func endsOf(ctx context.Context, preparer *preparer, vector vector) ([]any, error) {
	if vector.Layer != "fuel" {
		return nil, failed("unsupported", "this host answers the layer fuel")
	}
	if slices.Contains(vector.Flags, "layout") {
		return nil, failed("unsupported", "kernel memory is laid out in another way")
	}
	wasm, err := preparer.prepare(vector.Wasm)
	var refused *failure
	if errors.As(err, &refused) && refused.kind == "InvalidModule" && vector.needsFeature() {
		return nil, failed("unsupported", "the program that prepares modules lacks a feature of this one")
	}
	if err != nil {
		return nil, err
	}
	plugin := &plugin{wasm: wasm, budget: vector.Budget, config: vector.Config, logLevel: logLevelOf(vector.LogLevel),
		variables: newVariables(vector.MaxVarBytes), cache: wazero.NewCompilationCache()}
	defer plugin.cache.Close(ctx)
	if err := plugin.build(ctx); err != nil {
		return nil, err
	}
	ends := []any{}
	for _, step := range vector.Steps {
		ends = append(ends, endOf(plugin.call(ctx, step.Call, step.Input)))
	}
	return ends, nil
}

func (v vector) needsFeature() bool {
	return slices.ContainsFunc(v.Flags, func(flag string) bool { return strings.HasPrefix(flag, "feature:") })
}

// endOf writes the end of a call as vectors do.
func endOf(output []byte, fuel int64, err error) any {
	var failure *failure
	if errors.As(err, &failure) {
		why := map[string]any{"kind": failure.kind, "fields": failure.fields}
		return map[string]any{"layer": failure.layer, "error": why, "fuel": fuel}
	}
	return map[string]any{"output": append([]byte{}, output...), "fuel": fuel}
}
