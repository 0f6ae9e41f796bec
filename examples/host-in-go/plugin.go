package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const kernelNamespace = "extism:host/env"

// features are the proposals of WebAssembly that the engine has.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesThreads | experimental.CoreFeaturesTailCall |
	experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling |
	experimental.CoreFeaturesTypedFunctionReferences

// failure is why a plugin was refused, or why a call failed, as vectors name it. The layer
// "unsupported" is not one of vectors: this engine cannot run the module.
type failure struct {
	layer, kind string
	fields      map[string]any
}

func (f *failure) Error() string { return f.layer + ": " + f.kind }

func failed(layer, kind string) error { return &failure{layer: layer, kind: kind} }

// plugin is a prepared plugin that can be called: KERNEL.md, "A call, step by step".
type plugin struct {
	wasm      []byte
	info      metering
	budget    budget
	config    map[string]string
	logLevel  uint64
	variables *variables
	cache     wazero.CompilationCache
	instance  *instance // nil before the first call, and after a call of _start
}

// instance is an instance of the plugin with a kernel and a meter of its own.
type instance struct {
	runtime wazero.Runtime
	module  api.Module
	kernel  *kernel
	meter   *meter
}

// build reads the module, and makes an instance of it as a trial (step 0).
func (p *plugin) build(ctx context.Context) error {
	runtime := p.runtime(ctx)
	defer runtime.Close(ctx)
	compiled, err := runtime.CompileModule(ctx, p.wasm)
	if err != nil {
		// The program that has prepared the module has validated it.
		return failed("unsupported", "the engine refuses the module: "+err.Error())
	}
	if p.info, err = readMetering(compiled); err != nil {
		return err
	}
	if err := p.checkImports(); err != nil {
		return err
	}
	if _, isCommand := p.info.exported("_start"); isCommand {
		return nil
	}
	trial, err := p.instantiate(ctx)
	if err != nil {
		return err
	}
	defer trial.runtime.Close(ctx)
	if trial.initialize(ctx, p.info.Start, "_initialize") != nil {
		return failed("build", "InstantiationFailed")
	}
	p.variables.clear()
	return nil
}

func (p *plugin) runtime(ctx context.Context) wazero.Runtime {
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features).WithCustomSections(true).WithCompilationCache(p.cache)
	return wazero.NewRuntimeWithConfig(ctx, config)
}

// checkImports compares what the original imports with what the kernel has. A host that has
// functions of its own adds them to the namespace extism:host/user.
func (p *plugin) checkImports() error {
	for _, each := range p.info.Imports {
		function, ok := kernelFunctions[each.Name]
		if each.Module != kernelNamespace || !ok {
			return failed("build", "UnknownImports")
		}
		wanted := p.info.Types[each.Type]
		if !slices.Equal(wanted.Params, function.params) || !slices.Equal(wanted.Results, function.results) {
			return failed("build", "ImportTypeMismatch")
		}
	}
	return nil
}

// instantiate makes an instance, in which nothing has run yet (KP-16, KP-17).
func (p *plugin) instantiate(ctx context.Context) (*instance, error) {
	meter, err := newMeter(p.budget, p.info)
	if err != nil {
		return nil, err
	}
	kernel := &kernel{
		memory: newMemory(meter.takePages), meter: meter, config: p.config, logLevel: p.logLevel, variables: p.variables,
	}
	made := &instance{runtime: p.runtime(ctx), kernel: kernel, meter: meter}
	if made.link(ctx, p) != nil {
		made.runtime.Close(ctx)
		return nil, failed("build", "InstantiationFailed")
	}
	meter.attach(made.module, p.info)
	return made, nil
}

// link provides the functions of the kernel and of the meter, and instantiates the module.
func (i *instance) link(ctx context.Context, p *plugin) error {
	provided := i.runtime.NewHostModuleBuilder(kernelNamespace)
	for name, function := range kernelFunctions {
		run := api.GoFunc(func(_ context.Context, stack []uint64) {
			result := function.run(i.kernel, stack)
			if len(function.results) > 0 {
				stack[0] = result
			}
		})
		params, results := valueTypes(function.params), valueTypes(function.results)
		provided.NewFunctionBuilder().WithGoFunction(run, params, results).Export(name)
	}
	if _, err := provided.Instantiate(ctx); err != nil {
		return err
	}
	asked := i.runtime.NewHostModuleBuilder(p.info.ImportModule)
	asked.NewFunctionBuilder().WithFunc(i.meter.tick).Export("tick")
	asked.NewFunctionBuilder().WithFunc(i.meter.takePagesI32).Export("take_pages")
	asked.NewFunctionBuilder().WithFunc(i.meter.takeEntriesI32).Export("take_entries")
	asked.NewFunctionBuilder().WithFunc(func(int64) int64 { return 0 }).Export("clamp_wait")
	if _, err := asked.Instantiate(ctx); err != nil {
		return err
	}
	compiled, err := i.runtime.CompileModule(ctx, p.wasm)
	if err != nil {
		return err
	}
	// Nothing runs by itself: the start function is an export, and the engine would call _start.
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	i.module, err = i.runtime.InstantiateModule(ctx, compiled, config)
	return err
}

var valueTypeNames = map[string]api.ValueType{"i32": api.ValueTypeI32, "i64": api.ValueTypeI64}

func valueTypes(names []string) (types []api.ValueType) {
	for _, name := range names {
		types = append(types, valueTypeNames[name])
	}
	return types
}

// initialize runs functions that need no arguments but zeros, on the fuel of one call. Those that
// the module does not export are left out.
func (i *instance) initialize(ctx context.Context, names ...string) error {
	i.meter.begin()
	i.kernel.begin(nil)
	for _, name := range names {
		function := i.module.ExportedFunction(name)
		if function == nil {
			continue
		}
		_, err := i.enter(ctx, function, make([]uint64, len(function.Definition().ParamTypes()))...)
		if exhausted := i.meter.end(); exhausted != "" {
			return failed("call", exhausted)
		}
		if err != nil {
			return failed("call", "Instantiate")
		}
	}
	return nil
}

// enter calls a function of the module from outside.
func (i *instance) enter(ctx context.Context, function api.Function, args ...uint64) ([]uint64, error) {
	i.meter.resetStack()
	return function.Call(ctx, args...)
}

// initializers are the functions that run before the first call (step 2).
func (p *plugin) initializers() []string {
	if _, ok := p.info.exported("hs_init"); ok {
		return []string{p.info.Start, "_initialize", "hs_init"}
	}
	constructors, ok := p.info.exported("__wasm_call_ctors")
	switch {
	case !ok:
		return []string{p.info.Start, "_initialize"}
	case len(constructors.Params)+len(constructors.Results) > 0:
		return []string{p.info.Start}
	}
	return []string{p.info.Start, "__wasm_call_ctors"}
}

// call calls an export (steps 1 to 8). It returns the output, and the fuel that was burnt.
func (p *plugin) call(ctx context.Context, name string, input []byte) ([]byte, int64, error) {
	if p.instance == nil {
		made, err := p.instantiate(ctx)
		if err != nil {
			return nil, 0, failed("call", outOfMemory)
		}
		if err := made.initialize(ctx, p.initializers()...); err != nil {
			defer made.runtime.Close(ctx)
			return nil, made.meter.fuel(), err
		}
		p.instance = made
	}
	i := p.instance
	i.meter.begin()
	if !i.kernel.begin(input) {
		return nil, 0, failed("call", outOfMemory)
	}
	output, err := p.run(ctx, i, name)
	if name == "_start" {
		defer i.runtime.Close(ctx)
		p.instance = nil
		p.variables.clear()
	}
	return slices.Clone(output), i.meter.fuel(), err
}

// run looks the export up, calls it, and says how the call ended (steps 5 to 8).
func (p *plugin) run(ctx context.Context, i *instance, name string) ([]byte, error) {
	kind, ok := p.info.exported(name)
	switch {
	case !ok:
		return nil, failed("call", "FunctionNotFound")
	case len(kind.Params) > 0:
		return nil, failed("call", "HasParameters")
	case len(kind.Results) > 1:
		return nil, failed("call", "TooManyResults")
	}
	results, err := i.enter(ctx, i.module.ExportedFunction(name))
	message := i.kernel.message()
	if exhausted := i.meter.end(); exhausted != "" {
		return nil, failed("call", exhausted)
	}
	switch {
	case err != nil:
		return nil, trapped(err)
	case len(message) > 0 && !utf8.Valid(message):
		return nil, failed("call", "ErrorMessageUnreadable")
	case len(message) > 0:
		return nil, &failure{"call", "PluginError", map[string]any{"message": string(message)}}
	}
	if code := resultCode(kind, results); code != 0 {
		return nil, &failure{"call", "NonZeroExit", map[string]any{"code": code}}
	}
	return i.kernel.answer(), nil
}

// trapped is the failure of a call that the engine ended, while no budget was exhausted.
func trapped(err error) error {
	var end *callEnd
	if errors.As(err, &end) {
		return &failure{"call", "KernelFunction", map[string]any{"function": end.function, "reason": end.reason}}
	}
	if strings.HasPrefix(err.Error(), "wasm error: stack overflow") {
		return failed("call", stackOverflow)
	}
	return failed("call", "Trap")
}

func resultCode(kind functionType, results []uint64) int32 {
	switch {
	case len(kind.Results) == 0:
		return 0
	case kind.Results[0] == "i32":
		return api.DecodeI32(results[0])
	}
	return -1
}
