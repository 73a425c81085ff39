// Prices of the workshop; written in English on purpose.
#Region Public

// Returns the price of a product.
//
// Parameters:
//  Product - CatalogRef.Изделия - what is sold.
//
// Returns:
//  Number - cost of materials and work.
//
Function PriceOf(Val Product) Export

	Total = 0;
	For Each Line In MaterialsOf(Product) Do
		If Line.Amount > 0 And Line.Price > 0 Then
			Total = Total + Line.Amount * Line.Price;
		ElsIf Line.Amount < 0 Or Line.Price < 0 Then
			Raise NStr("en = 'Negative amount'; ru = 'Отрицательное количество'");
		Else
			Continue;
		EndIf;
	EndDo;
	Return Total * (1 + Margin() / 100);

EndFunction

Procedure Recount() Export
	Try
		АртельСервер.ПересчитатьЦены();
	Except
		Raise;
	EndTry;
EndProcedure

Function Rounded(Val Sum, Step = 1) Export
	If Step = 0 Then
		Return Sum;
	EndIf;
	For Index = 1 To 3 Do
		Sum = Round(Sum / Step, 0) * Step;
		If Sum % Step = 0 Then
			Break;
		EndIf;
	EndDo;
	Return Sum;
EndFunction

#EndRegion

#Region Private

Function MaterialsOf(Product)
	Query = New Query;
	Query.Text = "SELECT Parts.Материал AS Material, Parts.Количество AS Amount, Parts.Материал.Цена AS Price
		|FROM InformationRegister.СоставИзделий AS Parts
		|WHERE Parts.Изделие = &Product";
	Query.SetParameter("Product", Product);
	Return Query.Execute().Unload();
EndFunction

Function Margin()
	Return Constants.Наценка.Get();
EndFunction

Процедура СмешанныйЯзык(Val Значение)
	If Значение = Undefined Тогда
		Возврат;
	EndIf;
	Пока Ложь Do
	КонецЦикла;
EndProcedure

#EndRegion
